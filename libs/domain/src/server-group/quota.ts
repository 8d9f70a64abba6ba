import type { StreamRef } from '../kernel/aggregate';
import type { Reservation } from '../quota/state';

export const serverGroupRef = (id: string): StreamRef => ({ category: 'servergroup', id });

/** The quota that a group uses. @param userId who makes it; absent: it counts for the project alone. */
export const serverGroupReservation = (id: string, userId?: string): Reservation => ({
  owner: serverGroupRef(id),
  amounts: { server_groups: 1 },
  ...(userId === undefined ? {} : { userId }),
});
