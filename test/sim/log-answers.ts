/**
 * What may become of one append: it never arrives, its answer never comes, it arrives after its sender gave up, its
 * connection is reset in its middle, its time for being prepared or committed runs out, or the leader is lost behind it.
 */
export const APPEND_TROUBLES = ['lost', 'unanswered', 'late', 'reset', 'time-out', 'leader-lost'] as const;
export type AppendTrouble = (typeof APPEND_TROUBLES)[number];

/** A call's failure in the words of a node. */
export const refused = (details: string): Error => Object.assign(new Error(details), { details });
export const reset = (): Error => refused('read ECONNRESET');
export const notReady = (): Error => refused('Server Is Not Ready');
export const timedOut = (): Error => refused('Operation timed out: Commit phase timeout');

/** A stream's name, short enough for a trace and long enough to tell streams apart. */
export const short = (stream: string): string => stream.replace(/([0-9a-f]{8})-[0-9a-f-]{27}$/, '$1');

/** What the address of each node begins with. */
export const ADDRESS = 'log-';
export const addressOf = (node: number): string => `${ADDRESS}${String(node)}`;

/** How long a node tries to bring a write to enough others. */
export const WRITE_TIMEOUT_MS = 2_000;
/** After the last fault, until every process has found the leader. */
export const CALM_MS = 15_000;
