/**
 * What the controller asks of a host. A job carries the whole desired state of one resource, never steps: the agent
 * compares it with what exists and does what is missing, so a repeated job converges. The tables below are the
 * only place that knows which kinds there are; types, parsers and the agent's handlers follow from them.
 */

import { JOB_STEPS, type JobRequest } from '@cairn/domain';
import { z } from 'zod';

import { count, generation, list, resource, text, timings, uuid } from './schema/bounds';
import { ensureFloatingIp } from './schema/floating-ip';
import { imageSpec, instanceFacts, instanceSpec } from './schema/instance';
import { networkPeers, peersApplied } from './schema/network';
import { hostNames } from './schema/names';
import { hostSecurity } from './schema/security';

const ENVELOPE = {
  /** The effect's id; also the BullMQ job id. One effect id has one outcome. */
  effectId: uuid,
  hostId: uuid,
  resource,
  /** A job older than the newest seen of its resource is answered `agent.job-superseded`. */
  generation,
  /** Of the request that caused it; copied into the result's metadata. The effect's id where the sender has none. */
  correlationId: text().exactOptional(),
  /** The steps to tell of (`agent.job-progressed`), where the owner wants to know them before the outcome. */
  tells: list(z.enum(JOB_STEPS), JOB_STEPS.length).exactOptional(),
};

/** @param facts what the host says of the resource once the job is done. */
const job = <K extends string, P extends z.ZodType<object>, F extends z.ZodType<object>>(
  kind: K,
  payload: P,
  facts: F,
) => ({ message: z.object({ kind: z.literal(kind), ...ENVELOPE, payload }), facts });

export const JOBS = {
  'ensure-instance': job(
    'ensure-instance',
    z.object({ spec: instanceSpec, leaveOff: z.literal(true).exactOptional() }),
    instanceFacts,
  ),
  'change-nics': job('change-nics', z.object({ spec: instanceSpec }), instanceFacts),
  'reboot-instance': job(
    'reboot-instance',
    z.object({ type: z.enum(['soft', 'hard']), spec: instanceSpec }),
    instanceFacts,
  ),
  'rebuild-instance': job('rebuild-instance', z.object({ spec: instanceSpec }), instanceFacts),
  'snapshot-instance': job(
    'snapshot-instance',
    z.object({ spec: instanceSpec, imageId: uuid, quiesce: z.enum(['try', 'require']).exactOptional() }),
    instanceFacts,
  ),
  /** The password is not in the job: the host fetches it (`passwordPath`). */
  'set-guest-password': job('set-guest-password', z.object({ spec: instanceSpec, user: text() }), instanceFacts),
  /** A non-maskable interrupt, by which the guest's kernel writes a dump of its memory if it is set up for that. */
  'inject-nmi': job('inject-nmi', z.object({ spec: instanceSpec }), instanceFacts),
  'discard-disks': job(
    'discard-disks',
    z.object({ keep: list(uuid.nullable(), 64), images: list(imageSpec, 3) }),
    z.object({ timings }),
  ),
  'remove-instance': job('remove-instance', z.object({}), instanceFacts),
  /** Of a project's security groups. The facts name the version that the payload showed. */
  'apply-security': job('apply-security', hostSecurity, z.object({ timings, version: count() })),
  'ensure-floating-ip': job('ensure-floating-ip', ensureFloatingIp, z.object({ timings })),
  'remove-floating-ip': job('remove-floating-ip', z.object({}), z.object({ timings })),
  /** Of a network that spans hosts. */
  'apply-peers': job('apply-peers', networkPeers, peersApplied),
  /** Of the cloud: names that guests of every network may ask for. The facts name the version that the payload showed. */
  'apply-names': job('apply-names', hostNames, z.object({ timings, version: count() })),
  /** Of the host itself: the resource is the host. */
  'cache-image': job('cache-image', z.object({ image: imageSpec }), z.object({ timings, imageCached: z.boolean() })),
} as const;

export type JobKind = keyof typeof JOBS;
export const JOB_KINDS: readonly string[] = Object.keys(JOBS);

/** What each kind of job carries, and what the host says when it is done. */
export type JobPayloads = { readonly [K in JobKind]: z.infer<(typeof JOBS)[K]['message']>['payload'] };
export type JobFacts = { readonly [K in JobKind]: z.infer<(typeof JOBS)[K]['facts']> };

/** What every job says, whatever its kind. */
export type JobEnvelope = z.infer<z.ZodObject<typeof ENVELOPE>>;

/** A job of one of the kinds K, as the agent takes it. */
export type HostJob<K extends JobKind = JobKind> = {
  [P in K]: JobEnvelope & { readonly kind: P; readonly payload: JobPayloads[P] };
}[K];

/** @param lines how many of the last lines; null means all that is kept. */
const readConsole = z.object({ lines: count().nullable() });

/** A console that a guest has: its screen by RFB, or its first serial port. */
const consoleKind = z.enum(['vnc', 'serial']);
export type ConsoleKind = z.infer<typeof consoleKind>;

/** A question, not an effect: nothing is recorded and the answer goes to `PUT /v1/replies/{requestId}`. */
const query = <K extends string, P extends z.ZodType<object>>(kind: K, payload: P) => ({
  message: z.object({ kind: z.literal(kind), requestId: uuid, resource, payload }),
});

export const QUERIES = {
  'read-console': query('read-console', readConsole),
  /** How the guest does; the answer is `GuestDiagnostics` as JSON. */
  'read-diagnostics': query('read-diagnostics', z.object({})),
  /**
   * To connect a console of the guest with the controller (`consolePath`). An answer by `PUT /v1/replies/{requestId}` says
   * in words for people why there is none.
   */
  'open-console': query('open-console', z.object({ kind: consoleKind })),
  /** Of the host itself: the resource is the host. */
  'read-uptime': query('read-uptime', z.object({})),
} as const;

export type QueryKind = keyof typeof QUERIES;
export type HostQuery<K extends QueryKind = QueryKind> = { [P in K]: z.infer<(typeof QUERIES)[P]['message']> }[K];

export type HostMessage = HostJob | HostQuery;

/** A job as the controller sends it: what the payload holds is between the aggregate that owes it and the agent. */
export type SentJob = JobRequest & Pick<JobEnvelope, 'effectId' | 'hostId' | 'correlationId'>;
export type SentMessage = SentJob | HostQuery;

const MESSAGES = { ...JOBS, ...QUERIES } as const;

const isKind = (kind: unknown): kind is keyof typeof MESSAGES =>
  typeof kind === 'string' && Object.hasOwn(MESSAGES, kind);

/**
 * What was in the queue as a message of this release; undefined for anything else. Controllers of other releases may
 * send what this agent does not know, and it must not be taken for something else.
 */
export function hostMessage(value: unknown): HostMessage | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !isKind(value.kind)) return undefined;
  return MESSAGES[value.kind].message.safeParse(value).data;
}

export const isQuery = (message: HostMessage): message is HostQuery => Object.hasOwn(QUERIES, message.kind);

/** The facts of a job of that kind, and nothing besides; undefined when they are not what its schema says. */
export function jobFacts(kind: string, facts: unknown): object | undefined {
  const known = Object.entries(JOBS).find(([each]) => each === kind)?.[1];
  return known?.facts.safeParse(facts).data;
}
