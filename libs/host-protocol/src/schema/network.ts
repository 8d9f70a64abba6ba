import { z } from 'zod';

import { count, list, timings } from './bounds';

/** A bound for one job: there are clouds of thousands of hosts. */
const MOST_PEERS = 100_000;

const address = z.ipv4();

/** The hosts that a host shares a network with. */
export const networkPeers = z.object({ version: count(), peers: list(address, MOST_PEERS) });

/** `version` is that of the payload, `address` where other hosts reach this one. */
export const peersApplied = z.object({ timings, version: count(), address });
