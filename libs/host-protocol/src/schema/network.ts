import { z } from 'zod';

import { count, list, text, timings, uuid } from './bounds';
import { networkSpec } from './instance';

/** A bound for one job: there are clouds of thousands of hosts. */
const MOST_PEERS = 100_000;

/** As many as the addresses of the largest network that is of use, a /12. */
const MOST_GUESTS = 2 ** 20;

const address = z.ipv4();

const servedGuest = z.object({ instanceId: uuid, hostname: text(), address, mac: text() });

const gatewayDuties = z.object({ network: networkSpec, guests: list(servedGuest, MOST_GUESTS) });

/** The hosts that a host shares a network with, and its guests for the one host that is the gateway of all. */
export const networkPeers = z.object({
  version: count(),
  peers: list(address, MOST_PEERS),
  gateway: gatewayDuties.exactOptional(),
});

/** `version` is that of the payload, `address` where other hosts reach this one. */
export const peersApplied = z.object({ timings, version: count(), address });
