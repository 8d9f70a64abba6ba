/** The timers under the model: real ones, or a simulation's. */
export interface ModelTime {
  after(ms: number, work: () => void): unknown;
}

/** In milliseconds. */
export interface ElectionPace {
  /** After a change of the network, until the nodes notice, and those that are enough elect a leader. */
  readonly electMs: number;
  /** After a leader has lost the others, until it takes itself for none. */
  readonly resignMs: number;
}

/** As EventStoreDB 24.10 was measured: for half a second two nodes take themselves for the leader. */
export const MEASURED_PACE: ElectionPace = { electMs: 4_500, resignMs: 5_000 };

export type NodeRole = 'leader' | 'follower' | 'unknown';

/** One node as another one sees it, which may be late. */
export interface SeenNode {
  readonly role: NodeRole;
  readonly alive: boolean;
}

/** A node by its number, or a client by its name; all clients together are {@link CLIENTS}. */
export type Place = number | string;
export const CLIENTS = 'clients';

/**
 * What becomes of a write that a node is given: it is committed; nobody looks at it; a leader keeps it that cannot bring it
 * to enough others; or it is passed on to a leader that is gone.
 */
export type Fate = 'committed' | 'not-ready' | 'kept' | 'gone';

export interface ModelNode {
  up: boolean;
  paused: boolean;
  /** It is there, and says that it is not ready. */
  unready: boolean;
  /** It goes on following, and does not get on. */
  lagging: boolean;
  role: NodeRole;
  /** Of the election that made it the leader; who was elected before another one leads no more. */
  term: number;
  /** Whom it follows. */
  leader: number | undefined;
  /** The end of the log as it has it, while that is not the log's. */
  frozen: number | undefined;
  view: readonly SeenNode[];
  /** Since it leads without enough others, or after another one was elected: what that waits for. */
  losing: object | undefined;
  /** Writes that it took as a leader and could not bring to enough others. */
  kept: (() => void)[];
}

/** The name of the way between two places. */
export function between(one: Place, other: Place): string {
  const first = typeof one === 'number' && (typeof other === 'string' || one < other);
  return first ? `${String(one)}|${String(other)}` : `${String(other)}|${String(one)}`;
}
