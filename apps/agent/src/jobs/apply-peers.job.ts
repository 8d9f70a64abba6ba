import type { Handler } from './handler';
import { Stopwatch } from './stopwatch';

/** Lets a network exchange frames with the hosts that the job names. */
export const applyPeers: Handler<'apply-peers'> = {
  images: () => null,
  async run({ resource: { id: networkId } }, peers, context) {
    const watch = new Stopwatch(context.clock);
    const address = await watch.time('network', () => context.network.applyPeers(networkId, peers));
    return { timings: watch.timings, version: peers.version, address };
  },
};
