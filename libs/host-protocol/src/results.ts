/** What an agent appends to its own stream `agent-<host id>`. The controller checks each before it becomes history. */

import { JOB_STEPS, POWERS, upcast } from '@cairn/domain';
import { z } from 'zod';

import { count, generation, list, message, resource, text, uuid } from './schema/bounds';
import { inventory } from './schema/inventory';

/** Codes that this release's agent gives. The controller passes on any code, also of a newer agent. */
export type JobFailureCode =
  | 'image.unusable'
  | 'image.missing'
  | 'image.gone'
  | 'image.refused'
  | 'disk.failed'
  | 'network.failed'
  | 'hypervisor.failed'
  | 'guest.silent'
  | 'guest.refused'
  | 'guest.not-quiesced'
  | 'agent.internal';

const RESULT = { effectId: uuid, resource, generation, bootId: uuid };

/** How many differences one report lists. */
export const MOST_DIFFERENCES = 16;
const differences = list(z.object({ topic: text(64), name: message(255), says: message(1024) }), MOST_DIFFERENCES);

const event = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z.object({ type: z.literal(type), data: z.object(data) });

const EVENTS = {
  /** The boot id is new for every start of the agent: it covers restarts of agent, libvirt and machine alike. */
  'agent.started.v1': event('agent.started.v1', { hostId: uuid, bootId: uuid, inventory }),
  /** Something on the host that the log does not know. Reported, never silently deleted. */
  'agent.drift-detected.v1': event('agent.drift-detected.v1', {
    hostId: uuid,
    bootId: uuid,
    kind: text(),
    name: message(255),
    /** Whose domain it is; the controller then has it removed, if that is deleted. */
    resource: resource.exactOptional(),
  }),
  /**
   * A guest is not what the newest job of its server made of it, though nobody asked: it shut down, crashed, or somebody
   * acted on the host. The generation is that of the job.
   */
  'agent.power-changed.v1': event('agent.power-changed.v1', {
    hostId: uuid,
    bootId: uuid,
    resource,
    generation,
    power: z.enum(POWERS),
    cause: message(255),
  }),
  /** How far a job is, of one that asks for it: at most once for each step, before the outcome. */
  'agent.job-progressed.v1': event('agent.job-progressed.v1', { ...RESULT, step: z.enum(JOB_STEPS) }),
  /**
   * The host's network was not what it was told: what of that was mended since the last such report, and what could not be.
   * At most one a minute; `more` counts what is not listed.
   */
  'agent.network-differed.v1': event('agent.network-differed.v1', {
    hostId: uuid,
    bootId: uuid,
    mended: differences,
    left: differences,
    more: count(),
  }),
  /** What the facts must be, the job's kind says (`jobFacts`), which its effect knows and the agent need not repeat. */
  'agent.job-succeeded.v2': event('agent.job-succeeded.v2', { ...RESULT, facts: z.unknown() }),
  'agent.job-failed.v2': event('agent.job-failed.v2', {
    ...RESULT,
    code: z.string().regex(/^[a-z-]{1,64}\.[a-z-]{1,64}$/),
    message: message(),
    /** True when no host could do better (an unusable image), so that trying another is pointless. */
    permanent: z.boolean(),
  }),
  'agent.job-superseded.v2': event('agent.job-superseded.v2', { ...RESULT, newestGeneration: generation }),
} as const;

type AgentEventType = keyof typeof EVENTS;
export type AgentEvent = { [T in AgentEventType]: z.infer<(typeof EVENTS)[T]> }[AgentEventType];

/** The three ways in which a job ends. */
export type JobResult = Exclude<Extract<AgentEvent, { type: `agent.job-${string}` }>, JobProgress>;

/** A step of a job that goes on. */
export type JobProgress = Extract<AgentEvent, { type: 'agent.job-progressed.v1' }>;

const isType = (type: string): type is AgentEventType => Object.hasOwn(EVENTS, type);

/**
 * What an agent says in its newest form and nothing besides, or in a few words why it is not what host-protocol promises.
 * Agents are not trusted with the truth: a number that no column holds would be in the way of
 * every read model once it is history.
 */
export function agentEvent(said: { readonly type: string; readonly data: unknown }): AgentEvent | { why: string } {
  if (typeof said.data !== 'object' || said.data === null) return { why: 'an event without data' };
  const newest = upcast({ type: said.type, data: said.data });
  if (!isType(newest.type)) return { why: 'a type of event that is not known' };
  const parsed = EVENTS[newest.type].safeParse(newest);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  return { why: `${newest.type}: ${where.slice(0, 128)}` };
}
