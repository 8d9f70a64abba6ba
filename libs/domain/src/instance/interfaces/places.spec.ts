import { address, HOST_A, INSTANCE, networkSpec, request, running, uuid } from '../../testing/examples';
import { specOf } from '../../testing/given';
import type { CommandEffect } from '../../kernel/effect';
import { instance, type InstanceEvent } from '../index';

const given = specOf(instance);
const spec = { ...networkSpec, gatewayHosts: 'one' } as const;
/** A server whose network has one gateway for all guests. */
const server = running.map((event): InstanceEvent =>
  event.type === 'instance.address-allocated.v1' ? { ...event, data: { ...event.data, network: spec } } : event,
);
const bound = (n: number): InstanceEvent => ({
  type: 'instance.floating-ip-bound.v1',
  data: { floatingIpId: uuid(200 + n), associationId: uuid(300 + n), address: '203.0.113.1', claimId: address.claimId },
});
const owed = (...history: readonly InstanceEvent[]): readonly CommandEffect[] =>
  given(...history).owed.filter((effect): effect is CommandEffect => effect.kind === 'command');
const tells = (...history: readonly InstanceEvent[]): readonly unknown[] =>
  owed(...history).map(({ command }) => [command.type, command.data]);
const places = (version: number, led: readonly number[]) => ({
  claimId: address.claimId,
  version,
  hosts: [HOST_A],
  hostname: request.hostname,
  floating: led.map((n) => ({ floatingIpId: uuid(200 + n), associationId: uuid(300 + n) })),
});
const told = (...args: Parameters<typeof places>): InstanceEvent => ({
  type: 'instance.places-told.v1',
  data: places(...args),
});

describe('a server in a network with one gateway for all guests', () => {
  it('tells the network where it is, what it is called, and which floating IPs lead to it', () => {
    expect(tells(...server)).toEqual([['SetPlaces', places(1, [])]]);
    expect(tells(...server, told(1, []))).toEqual([]);
    expect(tells(...server, told(1, []), bound(1))).toEqual([['SetPlaces', places(2, [1])]]);
    const unbound: InstanceEvent = {
      type: 'instance.floating-ip-unbound.v1',
      data: { floatingIpId: uuid(201), associationId: uuid(301) },
    };
    expect(tells(...server, told(2, [1]), bound(1))).toEqual([]);
    expect(tells(...server, told(2, [1]), bound(1), unbound)).toEqual([['SetPlaces', places(3, [])]]);
  });

  it('records what the network knows, which may be what it was told before', () => {
    const [effect] = owed(...server);
    const { claimId: _claim, ...known } = places(4, [1]);
    expect(effect?.onDone(known)).toEqual({ type: 'RecordPlaces', data: places(4, [1]) });
    expect(effect?.onDone(undefined)).toEqual({ type: 'RecordPlaces', data: places(1, []) });
  });

  it('leaves it to the network to tell floating IPs which host answers for them', () => {
    expect(tells(...server, told(2, [1]), bound(1)).map((one) => (one as [string])[0])).not.toContain(
      'PlaceFloatingIp',
    );
    expect(tells(...running, bound(1))).toMatchObject([
      ['PlaceFloatingIp', { associationId: uuid(301), version: 1, hostId: HOST_A }],
    ]);
    expect(given(...server).state.request?.instanceId).toBe(INSTANCE);
  });
});
