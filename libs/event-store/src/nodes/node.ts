import type { AppendResult, ExpectedRevision, LogMessage, NewEvent, Position } from '../port';
import type { Member } from './gossip';

/** An append as a node is asked for it. */
export interface Write {
  readonly stream: string;
  readonly expected: ExpectedRevision | 'any';
  readonly events: readonly NewEvent[];
}

/** What of the log is asked for: all of a stream from a revision on, its last event, the log's last ones, or its future. */
export type Wanted =
  | { readonly kind: 'stream'; readonly stream: string; readonly from: bigint }
  | { readonly kind: 'last'; readonly stream: string }
  | { readonly kind: 'end'; readonly count: number }
  | {
      readonly kind: 'all';
      readonly after: Position | undefined;
      /** Of the types that are wanted. */
      readonly regex: string;
    };

/** In milliseconds: to wait for the connection, for the answer, and until the node is not to take it any more. */
export interface AppendPatience {
  readonly connectMs: number;
  readonly answerMs: number;
  readonly lateMs: number;
}

export interface Reading {
  /** The node refuses unless it leads. */
  readonly fromLeader: boolean;
  /** Milliseconds within which each message must come; undefined for a subscription. */
  readonly idleMs?: number;
  /** Ends it, with the signal's reason for an error. */
  readonly until?: AbortSignal;
}

/** Connections that are open for reads, and the calls on them. */
export interface ReadCount {
  readonly connections: number;
  readonly calls: number;
}

/** A node of the log as it is reached from here. */
export interface Node {
  readonly address: string;
  readonly reads: ReadCount;
  /** @throws StoreUnready when nothing was sent, what the node refuses it with, or what the call failed with */
  append(write: Write, patience: AppendPatience): Promise<AppendResult>;
  /** @throws what the call failed with */
  read(wanted: Wanted, reading: Reading): AsyncGenerator<LogMessage>;
  /**
   * The cluster as this node sees it; undefined where it answers, but does not say.
   * @throws the call's error when nobody answers within that many milliseconds
   */
  gossip(patienceMs: number): Promise<readonly Member[] | undefined>;
  /** Ends everything that runs on it: appends with an unknown outcome, reads and subscriptions with an error. */
  close(why: string): void;
}

/** How the nodes of a log are reached. */
export interface Network {
  /** Addresses (`host:port`) to begin with. */
  readonly seeds: readonly string[];
  /** The one address is the log: no other node is looked for. */
  readonly alone: boolean;
  open(address: string): Node;
}
