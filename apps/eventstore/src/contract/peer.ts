import { randomUUID } from 'node:crypto';

/** What both official clients can do, in one vocabulary, so that one suite runs with either. */
export interface Peer {
  /** This client reads the other way when it is asked to read forwards from the end or backwards from the start. */
  readonly turnsRound: boolean;
  append(stream: string, events: readonly Proposed[], options?: AppendOptions): Promise<Place>;
  read(stream: string, options?: ReadOptions): Promise<readonly Resolved[]>;
  readAll(options?: ReadAllOptions): Promise<readonly Resolved[]>;
  follow(stream: string, options?: FollowOptions): Following;
  followAll(options?: FollowAllOptions): Following;
  remove(kind: 'delete' | 'tombstone', stream: string, expected?: Removable): Promise<bigint | undefined>;
  setMetadata(stream: string, metadata: StreamDocument, expected?: Expected): Promise<Place>;
  getMetadata(stream: string): Promise<StreamDocument | undefined>;
  /** The client's methods for what a server may lack, by name. */
  optional(): Readonly<Record<string, () => Promise<unknown>>>;
  dispose(): Promise<void>;
}

export type Connect = (url: string) => Peer;
export type Expected = bigint | 'any' | 'no_stream' | 'stream_exists';
/** The clients delete nothing with `stream_exists`. */
export type Removable = Exclude<Expected, 'stream_exists'>;
export type StreamDocument = Readonly<Record<string, unknown>>;

export interface Proposed {
  readonly id: string;
  readonly type: string;
  /** Bytes become a binary event, anything else JSON. */
  readonly data: unknown;
  readonly metadata?: Readonly<Record<string, unknown>> | Uint8Array;
}

export interface AppendOptions {
  readonly expected?: Expected;
  /** Bytes of one chunk. */
  readonly chunk?: number;
  /** By the method Append instead of BatchAppend. */
  readonly classic?: boolean;
}

export interface Place {
  readonly revision: bigint;
  readonly position: bigint | undefined;
}

export interface Seen {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly id: string;
  readonly type: string;
  readonly json: boolean;
  readonly data: unknown;
  readonly metadata: unknown;
}

/** An event as it was read; with a link when one was followed, and then perhaps without the event. */
export interface Resolved {
  readonly event: Seen | undefined;
  readonly link: Seen | undefined;
}

export interface ReadOptions {
  readonly backwards?: boolean;
  readonly from?: bigint | 'start' | 'end';
  readonly count?: number;
  readonly links?: boolean;
}

/** `from` is a commit position. */
export type ReadAllOptions = ReadOptions;

export interface FollowOptions {
  readonly from?: bigint | 'start' | 'end';
  readonly links?: boolean;
}

export interface Filter {
  readonly on: 'stream' | 'type';
  readonly regex?: string;
  readonly prefixes?: readonly string[];
  readonly window?: number;
  readonly interval?: number;
}

export interface FollowAllOptions extends FollowOptions {
  readonly filter?: Filter;
}

export type Message =
  | { readonly kind: 'event'; readonly resolved: Resolved }
  | { readonly kind: 'checkpoint'; readonly position: bigint }
  | { readonly kind: 'caught-up' };

/** A subscription, as one queue of its messages. */
export interface Following {
  /** @throws Refused when the server ended it */
  next(): Promise<Message>;
  close(): Promise<void>;
}

/** What a client says of a refusal, in one vocabulary. */
export class Refused extends Error {
  constructor(
    /** The client's word for it, such as `wrong-expected-version`. */
    readonly type: string,
    readonly code: number | undefined,
    message: string,
    /** As in the error; from a trailer it is percent-encoded where it is not ASCII. */
    readonly stream: string | undefined,
    readonly expected: unknown,
    readonly actual: unknown,
    readonly maxAppendSize: number | undefined,
  ) {
    super(message);
  }
}

/** A JSON event with a number in it. */
export function noted(n: number, type = 'contract.noted.v1'): Proposed {
  return { id: randomUUID(), type, data: { n } };
}

export function notedUpTo(count: number, type?: string): readonly Proposed[] {
  return Array.from({ length: count }, (_, n) => noted(n, type));
}

/** A stream name that nobody used before. */
export function fresh(category = 'contract'): string {
  return `${category}-${randomUUID()}`;
}

export function revisions(read: readonly Resolved[]): readonly (bigint | undefined)[] {
  return read.map(({ event }) => event?.revision);
}

export function upTo(count: number, first = 0): readonly bigint[] {
  return Array.from({ length: count }, (_, n) => BigInt(first + n));
}

/** All messages up to and with the first that fits. */
export async function until(following: Following, fits: (message: Message) => boolean): Promise<readonly Message[]> {
  const seen: Message[] = [];
  for (;;) {
    const message = await following.next();
    seen.push(message);
    if (fits(message)) return seen;
  }
}

export const isCaughtUp = (message: Message): boolean => message.kind === 'caught-up';

export function eventsOf(messages: readonly Message[]): readonly Resolved[] {
  return messages.flatMap((message) => (message.kind === 'event' ? [message.resolved] : []));
}
