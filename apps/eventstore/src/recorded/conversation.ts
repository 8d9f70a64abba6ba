import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The prefix that makes a conversation's streams its own stands for this character. */
export const OWN = '~';

const bytes = z.union([z.string(), z.strictObject({ base64: z.string() }), z.strictObject({ size: z.number() })]);

const event = z.strictObject({
  /** A label, the same for the same id; without one a new id, `nil` is the nil UUID. */
  id: z.string().optional(),
  type: z.string().default('T'),
  data: bytes.default('{}'),
  metadata: bytes.default(''),
  json: z.boolean().default(true),
  contentType: z.string().optional(),
  /** The id as two numbers instead of as text. */
  structured: z.boolean().default(false),
  omit: z.array(z.enum(['id', 'type', 'contentType'])).default([]),
});

const filter = z.strictObject({
  on: z.enum(['stream', 'type']),
  prefixes: z.array(z.string()).optional(),
  regex: z.string().optional(),
  window: z.union([z.number(), z.enum(['count', 'none'])]).default('count'),
  interval: z.number().default(1),
});

const from = z.union([
  z.string(),
  z.number(),
  z.strictObject({ event: z.string(), add: z.number().default(0), prepare: z.number().optional() }),
  z.strictObject({ position: z.number() }),
]);

const args = z.strictObject({
  stream: z.union([z.string(), z.strictObject({ base64: z.string() })]).optional(),
  expected: z.union([z.string(), z.number()]).default('any'),
  events: z.array(event).default([]),
  api: z.enum(['batch', 'classic']).default('batch'),
  /** Events of each message of a batch append. */
  chunks: z.array(z.number()).optional(),
  /** Milliseconds. */
  deadline: z.number().default(10_000),
  metadata: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  /** Of a subscription. */
  name: z.string().default(''),
  all: z.boolean().default(false),
  from: from.default('start'),
  direction: z.enum(['forwards', 'backwards']).default('forwards'),
  count: z.union([z.number(), z.string()]).default(1_000),
  resolve: z.boolean().default(false),
  filter: filter.optional(),
  compatibility: z.number().optional(),
  uuid: z.enum(['string', 'structured', 'none']).default('string'),
  milliseconds: z.number().default(0),
  /** Parts of the request that are left out. */
  omit: z.array(z.string()).default([]),
});

const operation = z.enum([
  ...(['append', 'setMetadata', 'delete', 'tombstone', 'read', 'getMetadata', 'readAll'] as const),
  ...(['subscribe', 'observe', 'wait'] as const),
]);

const conversation = z.strictObject({
  kind: z.string(),
  name: z.string(),
  steps: z.array(z.tuple([operation, args, z.unknown()])),
});

export type Args = z.output<typeof args>;
export type GivenArgs = z.input<typeof args>;
export type EventArgs = z.output<typeof event>;
export type FilterArgs = z.output<typeof filter>;
export type From = z.output<typeof from>;
export type Operation = z.output<typeof operation>;
/**
 * What is asked and what was answered. Answers name an event `stream@revision`, alone where all else is usual (type `T`,
 * data `{}`, JSON, a new id), and a position by the event that stands there, or `after` the last one before it.
 */
export type Conversation = z.output<typeof conversation>;

export function argsOf(given: GivenArgs): Args {
  return args.parse(given);
}

/** What a real server of EventStoreDB 24.10.4 answered. */
export function recordedConversations(): readonly Conversation[] {
  const lines = readFileSync(join(__dirname, 'conversations.jsonl'), 'utf8').split('\n');
  return lines.filter((line) => line.startsWith('{')).map((line) => conversation.parse(JSON.parse(line)));
}
