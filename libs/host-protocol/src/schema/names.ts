import { z } from 'zod';

import { count, list } from './bounds';

/** A bound for one job; a project may have 1,000. */
const MOST_NAMES = 1_000_000;

/** Labels of letters, digits and hyphens: they become lines of a file of dnsmasq. */
const name = z
  .string()
  .max(253)
  .regex(/^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/);

/** Names that guests of every network of the host may ask for. */
export const hostNames = z.object({
  version: count(),
  names: list(z.object({ name, address: z.union([z.ipv4(), z.ipv6()]) }), MOST_NAMES),
});
