import type { DomainEvent } from '@cairn/domain';
import { NetworkAddressRow } from '../network-address.v1/row';
import { networkSpecOf } from '../../../domain/src/testing/model';
import { at, rowsAfter, timeline } from '../testing/timeline';
import { NetworkRow } from './row';

const NETWORK = networkSpecOf();
const id = NETWORK.networkId;
const created = {
  type: 'network.created.v1',
  data: { ...NETWORK, rangeStart: '10.0.0.2', rangeEnd: '10.0.0.254' },
} as const satisfies DomainEvent;
const allocated = (n: number): DomainEvent => ({
  type: 'network.address-allocated.v2',
  data: {
    claimId: `c${String(n)}`,
    owner: { category: 'instance', id: `i${String(n)}` },
    address: `10.0.0.${String(n)}`,
    mac: 'fa:16:3e:0:0:1',
  },
});
const released: DomainEvent = { type: 'network.address-released.v1', data: { claimId: 'c2', address: '10.0.0.2' } };

const model = (...events: readonly DomainEvent[]): ReturnType<typeof rowsAfter> =>
  rowsAfter(timeline(...events.map((event) => [`network-${id}`, event] as const)));

describe('networks.v2 and network-addresses.v1', () => {
  it('shows a network as its hosts must make it', async () => {
    const { networkId: _id, ...spec } = NETWORK;
    const range = { rangeStart: '10.0.0.2', rangeEnd: '10.0.0.254' };
    const state = { usedAddresses: 0, deleted: false, createdAt: at(1), updatedAt: null, deletedAt: null };
    const everybody = { ipv6: null, projectId: null, priority: null };
    const usual = { dhcp: true, gatewayHosts: 'every', gatewayHostId: null, bridgeInterface: null, vlan: null };
    const shown = { id, ...spec, ...usual, ...range, ...everybody, ...state };
    expect((await model(created)).get(NetworkRow, id)).toEqual(shown);
  });

  it('shows which host is the gateway of all guests, and what else is unusual of it', async () => {
    const made: DomainEvent = {
      ...created,
      data: { ...created.data, dhcp: false, gatewayHosts: 'one', interface: 'eth1' },
    };
    const moved = (hostId: string | null): DomainEvent => ({ type: 'network.gateway-moved.v1', data: { hostId } });
    const unusual = { dhcp: false, gatewayHosts: 'one', bridgeInterface: 'eth1' };
    const row = async (...events: readonly DomainEvent[]) => (await model(made, ...events)).get(NetworkRow, id);
    expect(await row()).toMatchObject({ ...unusual, gatewayHostId: null });
    expect(await row(moved('h1'))).toMatchObject({ ...unusual, gatewayHostId: 'h1', updatedAt: at(2) });
    expect(await row(moved('h1'), moved(null))).toMatchObject({ gatewayHostId: null, updatedAt: at(3) });
  });

  it('knows who holds an address until it is released', async () => {
    const rows = await model(created, allocated(2), allocated(3), released);
    expect(rows.get(NetworkRow, id)?.usedAddresses).toBe(1);
    expect(rows.all(NetworkAddressRow)).toEqual([
      { id: 'c3', networkId: id, instanceId: 'i3', address: '10.0.0.3', mac: 'fa:16:3e:0:0:1', allocatedAt: at(3) },
    ]);
  });

  it('shows whose network it is', async () => {
    const given: DomainEvent = { ...created, data: { ...created.data, projectId: 'p1', priority: 3 } };
    const taken: DomainEvent = { type: 'network.project-set.v1', data: { projectId: null } };
    expect((await model(given)).get(NetworkRow, id)).toMatchObject({ projectId: 'p1', priority: 3, updatedAt: null });
    expect((await model(given, taken)).get(NetworkRow, id)).toMatchObject({ projectId: null, updatedAt: at(2) });
  });

  it('shows its IPv6 addresses, if it has any', async () => {
    const ipv6 = { cidr: 'fd00::/64', gateway: 'fd00::1', dns: [] };
    const both: DomainEvent = { ...created, data: { ...created.data, ipv6 } };
    expect((await model(both)).get(NetworkRow, id)).toMatchObject({ ipv6 });
  });

  it('marks a network that was deleted', async () => {
    const deleted: DomainEvent = { type: 'network.deleted.v1', data: { networkId: id } };
    expect((await model(created, deleted)).get(NetworkRow, id)).toMatchObject({ deleted: true, deletedAt: at(2) });
  });
});
