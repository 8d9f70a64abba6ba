import { DomainError } from './errors';

/**
 * Life of a record with a unique name, which it claims before it exists. `abandoned`: the record was never created, and
 * can no longer be.
 */
export type Life = 'absent' | 'abandoned' | 'live' | 'deleted';

/** @throws DomainError `conflict` unless nothing exists yet. */
export function requireAbsent(life: Life, noun: string, id: string): void {
  if (life !== 'absent') throw new DomainError('conflict', `${noun}.exists`, `${noun} ${id} already exists.`);
}

export function requireLive(life: Life, noun: string): void {
  if (life !== 'live') throw new DomainError('not-found', `${noun}.not-found`, `Could not find ${noun}.`);
}

/**
 * Whether to record that the creation is abandoned: false if an event says so already.
 * @throws DomainError `conflict` if the record was created.
 */
export function abandons(life: Life, noun: string): boolean {
  if (life === 'live' || life === 'deleted')
    throw new DomainError('conflict', `${noun}.exists`, `The ${noun} was created.`);
  return life === 'absent';
}
