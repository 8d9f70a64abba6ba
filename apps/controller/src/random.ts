import { randomBytes, randomUUID } from 'node:crypto';

/** Randomness comes in like the clock, so that the simulation and tests can choose it. */
export interface Random {
  uuid(): string;
  bytes(count: number): Buffer;
}

export const systemRandom: Random = { uuid: randomUUID, bytes: randomBytes };
