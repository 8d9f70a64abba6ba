import { z } from 'zod';

import { count, list, text, uuid } from './bounds';

/** What hosts are told of security groups. Bounds keep one job from filling a host's memory; quotas are far below. */
const MOST_GROUPS = 10_000;
const MOST_RULES = 100_000;
const MOST_ADDRESSES = 1_000_000;

const GUARD = {
  groups: list(uuid, MOST_GROUPS),
  revision: count(),
  unfiltered: z.literal(true).exactOptional(),
};

/** By which groups the ports of a server are filtered. */
export const portGuard = z.object(GUARD);

/** An address or a block of addresses: nothing else reaches the ruleset. */
const address = z.union([z.ipv4(), z.ipv6()]);
const block = z.union([z.cidrv4(), z.cidrv6()]);

export const hostRule = z.object({
  direction: z.enum(['ingress', 'egress']),
  ethertype: z.enum(['IPv4', 'IPv6']),
  protocol: text(32).nullable(),
  from: z.int().min(-1).max(65_535).nullable(),
  to: z.int().min(-1).max(65_535).nullable(),
  remote: z.union([z.object({ cidr: block }), z.object({ groupId: uuid })]).nullable(),
});

/** All that a host must know of the security groups of one project. */
export const hostSecurity = z.object({
  version: count(),
  groups: list(z.object({ groupId: uuid, rules: list(hostRule, MOST_RULES) }), MOST_GROUPS),
  members: list(z.object({ groupId: uuid, addresses: list(address, MOST_ADDRESSES) }), MOST_GROUPS),
  changed: list(z.object({ instanceId: uuid, ...GUARD }), MOST_ADDRESSES),
});
