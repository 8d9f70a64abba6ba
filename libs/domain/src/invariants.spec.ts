import fc from 'fast-check';

import {
  aggregates,
  type AnyAggregate,
  type Category,
  claimable,
  host,
  instance,
  limitOf,
  network,
  parseIpv4,
  quota,
  registry,
  streamName,
  sumOf,
  userQuota,
} from './index';
import {
  createNetwork,
  hostCommands,
  instanceCommands,
  networkCommands,
  quotaCommands,
  registryCommands,
} from './testing/commands';
import { HOST_A, inventory, uuid } from './testing/examples';
import { requestsOf } from './testing/model';
import { holdsInAnyOrder } from './testing/any-order';

const RESOURCES = ['vcpus', 'ramMb', 'diskGb'] as const;

describe('for any commands in any order', () => {
  it('a network gives no address and no MAC twice, none outside its range, and never the gateway', () => {
    const first = createNetwork.map((command) => [command]);
    holdsInAnyOrder(network, first, networkCommands, ({ claims, taken, macs, spec, rangeStart, rangeEnd }) => {
      const held = [...claims.values()];
      expect(new Set(held.map(({ address }) => address)).size).toBe(held.length);
      expect(new Set(held.map(({ mac }) => mac)).size).toBe(held.length);
      expect([taken.size, macs.size]).toEqual([held.length, held.length]);
      for (const { address } of held) {
        const n = parseIpv4(address) ?? 0;
        expect(address).not.toBe(spec.gateway);
        expect(n >= (parseIpv4(rangeStart) ?? 0) && n <= (parseIpv4(rangeEnd) ?? 0)).toBe(true);
      }
    });
  });

  it('a host is never claimed beyond what it has, and knows exactly what is claimed', () => {
    const enrolled = { hostId: HOST_A, name: 'node-a', number: 1, availabilityZone: 'nova' };
    const first = fc.constant([{ type: 'EnrolHost', data: enrolled } as const]);
    holdsInAnyOrder(host, first, hostCommands, ({ claims, used, toInform }) => {
      for (const resource of RESOURCES) {
        expect([...claims.values()].reduce((sum, { amounts }) => sum + amounts[resource], 0)).toBe(used[resource]);
        expect(used[resource]).toBeLessThanOrEqual(claimable(inventory)[resource]);
      }
      const holders = new Set([...claims.values()].map(({ owner }) => streamName(owner)));
      for (const [stream] of toInform.entries()) expect(holders).toContain(stream);
    });
  });

  it('a quota counts exactly what is reserved, and no reservation goes over a limit', () => {
    holdsInAnyOrder(quota, fc.constant([]), quotaCommands, (state, _before, events) => {
      const amounts = [...state.held.values()].map((one) => one.amounts);
      const total = (name: string): number => amounts.reduce((sum, each) => sum + (each[name] ?? 0), 0);
      const names = new Set(amounts.flatMap(Object.keys).filter((name) => total(name) > 0));
      expect(state.usage).toEqual(Object.fromEntries([...names].map((name) => [name, total(name)])));
      for (const userId of ['u1', 'u2']) {
        const owned = [...state.held.values()].filter((one) => one.userId === userId);
        expect(userQuota(state, userId).usage).toEqual(owned.reduce((sum, one) => sumOf(sum, one.amounts), {}));
      }
      for (const [key] of state.unconfirmed.entries()) expect(state.held.has(key)).toBe(true);
      for (const event of events) {
        if (event.type !== 'quota.reserved.v2') continue;
        for (const name of event.data.reservations.flatMap((one) => Object.keys(one.amounts))) {
          const limit = limitOf(state.overrides, name);
          const asked = event.data.reservations.some((one) => (one.amounts[name] ?? 0) > 0);
          if (limit >= 0 && asked) expect(state.usage[name]).toBeLessThanOrEqual(limit);
        }
        for (const { userId, amounts: own } of event.data.reservations) {
          const user = userQuota(state, userId ?? '');
          for (const [name, amount] of Object.entries(own))
            if (amount > 0 && (user.overrides[name] ?? -1) >= 0)
              expect(user.usage[name]).toBeLessThanOrEqual(user.overrides[name] ?? 0);
        }
      }
    });
  });

  it('a registry gives no number twice and a name to one owner at a time', () => {
    holdsInAnyOrder(registry, fc.constant([]), registryCommands, (state, before, events) => {
      for (const event of events) {
        if (event.type === 'registry.numbers-allocated.v1')
          expect(event.data.allocations.map(({ number }) => number)).toEqual(
            event.data.allocations.map((_one, i) => before.next + i),
          );
        if (event.type === 'registry.name-claimed.v1')
          expect(before.held.has(event.data.name.toLowerCase())).toBe(false);
      }
      expect(state.next).toBeGreaterThanOrEqual(before.next);
      for (const [key] of state.unconfirmed.entries()) expect(state.held.has(key)).toBe(true);
    });
  });

  it.each(Object.keys(aggregates) as Category[])('%s decides or refuses what people ask', (category) => {
    const aggregate = aggregates[category] as AnyAggregate;
    holdsInAnyOrder(aggregate, fc.constant([]), requestsOf(category, uuid(1)), () => undefined);
  });

  it('a server lives forwards: what is over stays over, and it runs only on a host that it has claimed', () => {
    holdsInAnyOrder(instance, fc.constant([]), instanceCommands, (state, before, events) => {
      if (before.vmState === 'deleted') expect(events).toEqual([]);
      if (before.deletion !== undefined) expect(state.deletion).toEqual(before.deletion);
      expect(state.generation).toBeGreaterThanOrEqual(before.generation);
      if (state.vmState === 'active' || state.vmState === 'stopped') expect(state.host?.claimed).toBe(true);
      if (state.vmState === 'error') expect(state.fault).toBeDefined();
      if (state.vmState === 'building')
        expect(state.placement !== undefined || state.deletion !== undefined).toBe(true);
      if (state.operation !== undefined) expect(state.deletion).toBeUndefined();
      if (state.placement !== undefined) expect(state.operation).toBeUndefined();
      const owed = state.debts.map(({ id }) => id);
      expect(new Set(owed).size).toBe(owed.length);
      if (state.vmState === 'deleted') expect(owed).toEqual([]);
    });
  });
});
