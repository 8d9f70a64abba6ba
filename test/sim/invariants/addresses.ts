import { allAddresses, type NetworkEvent } from '@cairn/domain';

import type { Rule } from './rule';

/** No address and no MAC of a network is ever held by two claims. Counted here from the events, not by the network. */
export function addressesHeldOnce(): Rule {
  const holders = new Map<string, string>();
  const held = new Map<string, readonly string[]>();
  return ({ event, ref }) => {
    if (ref.category !== 'network') return undefined;
    const { type, data } = { type: event.type, data: event.data } as unknown as NetworkEvent;
    if (type === 'network.address-allocated.v2') {
      const keys = [...allAddresses(data), data.mac].map((one) => `${ref.id}/${one}`);
      const twice = keys.find((key) => holders.has(key));
      if (twice !== undefined)
        return `${twice} is given to claim ${data.claimId} and held by ${holders.get(twice) ?? ''}`;
      for (const key of keys) holders.set(key, data.claimId);
      held.set(data.claimId, keys);
    }
    if (type === 'network.address-released.v1') {
      const keys = held.get(data.claimId);
      if (keys === undefined) return `claim ${data.claimId} is released but holds nothing`;
      for (const key of keys) holders.delete(key);
      held.delete(data.claimId);
    }
    return undefined;
  };
}
