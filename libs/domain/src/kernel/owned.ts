import { DomainError } from './errors';

/**
 * Life of a record whose unique name was claimed before it was made. `abandoned` settles a claim whose record never
 * came: from then on it can no longer be created.
 */
export type Life = 'absent' | 'abandoned' | 'live' | 'deleted';

/** Refuses a creation unless nothing is there yet. */
export function requireAbsent(life: Life, noun: string, id: string): void {
  if (life !== 'absent') throw new DomainError('conflict', `${noun}.exists`, `${noun} ${id} already exists.`);
}

export function requireLive(life: Life, noun: string): void {
  if (life !== 'live') throw new DomainError('not-found', `${noun}.not-found`, `Could not find ${noun}.`);
}

/** True when the creation is to be recorded as abandoned now, false when it was before; refuses once it is there. */
export function abandons(life: Life, noun: string): boolean {
  if (life === 'live' || life === 'deleted')
    throw new DomainError('conflict', `${noun}.exists`, `The ${noun} was created.`);
  return life === 'absent';
}
