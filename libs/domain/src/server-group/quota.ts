import type { StreamRef } from '../kernel/aggregate';
import type { Reservation } from '../quota/state';

export const serverGroupRef = (id: string): StreamRef => ({ category: 'servergroup', id });

/** The quota that a group uses. */
export const serverGroupReservation = (id: string): Reservation => ({
  owner: serverGroupRef(id),
  amounts: { server_groups: 1 },
});
