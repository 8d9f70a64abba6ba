/** How often, from 0 to 1, which fault is put into a call. All decisions follow from the seed and their order. */
export interface FaultPlan {
  readonly seed: number;
  /** A call (or the stream that carries appends) is refused with UNAVAILABLE before anything is done. */
  readonly unavailable: number;
  /** A write is carried out and committed, and instead of the answer its call ends with UNAVAILABLE. */
  readonly lostAck: number;
  /** A write is carried out and committed, and no answer ever comes. */
  readonly silentAck: number;
  /** An answer is held back for up to {@link delayMs}. */
  readonly delay: number;
  readonly delayMs: number;
  /** A subscription or a read ends with UNAVAILABLE in the middle. */
  readonly drop: number;
  /** A call is refused as by a follower, which names this server as the leader. */
  readonly notLeader: number;
}

const NONE: FaultPlan = {
  seed: 1,
  unavailable: 0,
  lostAck: 0,
  silentAck: 0,
  delay: 0,
  delayMs: 20,
  drop: 0,
  notLeader: 0,
};

const isKey = (key: string): key is keyof FaultPlan => Object.hasOwn(NONE, key);

/** Must be `yes` in the environment of a server that is to inject faults: an argument alone is too easily copied. */
export const CONSENT = 'CAIRN_ALLOW_FAULTS';

/**
 * Reads `seed=7,unavailable=0.01,lostAck=0.01,…`.
 * @throws Error for an unknown fault, or a value out of range
 */
export function parseFaultPlan(text: string): FaultPlan {
  const plan: Record<keyof FaultPlan, number> = { ...NONE };
  for (const part of text.split(',')) {
    const [key = '', value = ''] = part.split('=');
    const number = Number(value);
    const most = key === 'seed' || key === 'delayMs' ? 2 ** 31 : 1;
    if (!isKey(key) || value === '' || !(number >= 0 && number <= most))
      throw new Error(`--faults: '${part}' is none of ${Object.keys(NONE).join(', ')} with a number in its range`);
    plan[key] = number;
  }
  return plan;
}

/** The loud warning of a server that injects faults. */
export function warningOf(plan: FaultPlan): string {
  const parts = Object.entries(plan).map(([key, value]) => `${key}=${String(value)}`);
  return `eventstore: ***** FAULTS ARE INJECTED, FOR TESTS ONLY ***** ${parts.join(' ')}\n`;
}
