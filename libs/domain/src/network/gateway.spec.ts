import { instanceRef } from '../instance/quota';
import type { JobEffect } from '../kernel/effect';
import { HOST_A, HOST_B, NET, networkSpec, uuid } from '../testing/examples';
import { specOf } from '../testing/given';
import { type Network, network, type NetworkEvent } from './index';

const given = specOf(network);
const spec = { ...networkSpec, gatewayHosts: 'one' } as const;
const made: NetworkEvent = {
  type: 'network.created.v1',
  data: { ...spec, rangeStart: '10.0.0.2', rangeEnd: '10.0.0.254' },
};
const addressOf = (n: number): string => `10.0.0.${String(n + 1)}`;
const guestOf = (n: number) => ({
  instanceId: uuid(100 + n),
  hostname: `vm-${String(n)}`,
  address: addressOf(n),
  mac: `fa:16:3e:00:00:0${String(n)}`,
});
const held = (n: number): NetworkEvent => ({
  type: 'network.address-allocated.v2',
  data: { claimId: uuid(n), owner: instanceRef(uuid(100 + n)), address: addressOf(n), mac: guestOf(n).mac },
});
const floating = (n: number) => ({ floatingIpId: uuid(200 + n), associationId: uuid(300 + n) });
const place = (n: number, version: number, hostId: string, led: readonly number[] = []) => ({
  claimId: uuid(n),
  version,
  hosts: [hostId],
  hostname: `vm-${String(n)}`,
  floating: led.map(floating),
});
const placed = (...args: Parameters<typeof place>): NetworkEvent => ({
  type: 'network.places-set.v1',
  data: place(...args),
});
const moved = (hostId: string | null): NetworkEvent => ({ type: 'network.gateway-moved.v1', data: { hostId } });
const done = (hostId: string, version: number): NetworkEvent => ({
  type: 'network.host-updated.v1',
  data: { hostId, version, address: hostId === HOST_A ? '192.0.2.1' : '192.0.2.2' },
});
const gone = (n: number): NetworkEvent => ({
  type: 'network.address-released.v1',
  data: { claimId: uuid(n), address: addressOf(n) },
});

const jobs = (...history: readonly NetworkEvent[]): readonly JobEffect[] =>
  given(...history).owed.filter((effect): effect is JobEffect => effect.kind === 'job');

/** What has happened once all hosts know what they should. */
function settled(...history: readonly NetworkEvent[]): readonly NetworkEvent[] {
  const [job] = jobs(...history);
  return job === undefined ? history : settled(...history, done(job.hostId, given(...history).state.version));
}

/** The guests whose gateway each host is told to be, or that it is not one. */
const told = (...history: readonly NetworkEvent[]): readonly unknown[] =>
  jobs(...history).map(({ hostId, job }) => {
    const { gateway } = job.payload as { gateway?: { guests: readonly { hostname: string }[] } };
    return [hostId, gateway?.guests.map(({ hostname }) => hostname).sort() ?? 'not the gateway'];
  });
const hostsOf = ({ hosts }: Network): readonly string[] => [...hosts.values()].map(({ hostId }) => hostId);
const commands = (...history: readonly NetworkEvent[]): readonly unknown[] =>
  given(...history)
    .owed.filter((effect) => effect.kind === 'command')
    .map(({ target, command }) => [target.id, command.data]);

describe('the one gateway of a network', () => {
  const first = [made, held(1), placed(1, 1, HOST_A), moved(HOST_A)];
  const both = [...first, held(2), placed(2, 1, HOST_B)];

  it('is the host of the first guest, and stays there when others come', () => {
    given(made, held(1))
      .when({ type: 'SetPlaces', data: place(1, 1, HOST_A) })
      .then(placed(1, 1, HOST_A), moved(HOST_A));
    given(...first, held(2))
      .when({ type: 'SetPlaces', data: place(2, 1, HOST_B) })
      .then(placed(2, 1, HOST_B));
  });

  it('learns of the guests on all hosts, whose hosts learn that they are not it', () => {
    expect(told(...both)).toEqual([
      [HOST_A, ['vm-1', 'vm-2']],
      [HOST_B, 'not the gateway'],
    ]);
    expect(jobs(...first).map(({ job }) => job.payload)).toMatchObject([
      { gateway: { network: spec, guests: [guestOf(1)] } },
    ]);
    expect(told(...settled(...both), gone(2))).toContainEqual([HOST_A, ['vm-1']]);
  });

  it('is moved by an operator, also to a host without guests; the one before stops', () => {
    const { events } = given(...both).when({ type: 'MoveGateway', data: { hostId: HOST_B } });
    expect(events).toEqual([moved(HOST_B)]);
    expect(told(...both, moved(HOST_B))).toEqual([
      [HOST_A, 'not the gateway'],
      [HOST_B, ['vm-1', 'vm-2']],
    ]);
    given(...both, moved(HOST_B))
      .when({ type: 'MoveGateway', data: { hostId: HOST_B } })
      .thenNothing();
    expect(told(...first, moved(HOST_B))).toContainEqual([HOST_B, ['vm-1']]);
  });

  it('stops also when its last guest leaves before it has heard that another host is', () => {
    const moving = [...settled(...both), moved(HOST_B)];
    for (const left of [gone(1), placed(1, 2, HOST_B)]) {
      const past = [...moving, left];
      expect(told(...past)).toContainEqual([HOST_A, 'not the gateway']);
      const end = given(...past, done(HOST_A, given(...past).state.version)).state;
      expect(hostsOf(end)).toEqual([HOST_B]);
    }
    const heard = [...settled(...moving), gone(1)];
    expect(hostsOf(given(...heard).state)).toEqual([HOST_B]);
  });

  it('is chosen again with the next guest after an operator took it from its host', () => {
    given(...first, moved(null), held(2))
      .when({ type: 'SetPlaces', data: place(2, 1, HOST_B) })
      .then(placed(2, 1, HOST_B), moved(HOST_B));
  });

  it('is told until it has stopped, also after its last guest and the network are gone', () => {
    const empty = [...settled(...first), gone(1)];
    expect(told(...empty)).toEqual([[HOST_A, []]]);
    const past: NetworkEvent[] = [...settled(...empty), { type: 'network.deleted.v1', data: { networkId: NET } }];
    expect(told(...past)).toEqual([[HOST_A, 'not the gateway']]);
    const { version } = given(...past).state;
    const record = { hostId: HOST_A, version, address: '192.0.2.1' };
    given(...past)
      .when({ type: 'RecordHostUpdated', data: record })
      .then(done(HOST_A, version));
    const end = given(...past, done(HOST_A, version));
    expect([end.owed, end.state.hosts.size]).toEqual([[], 0]);
  });

  it('answers for the floating IPs of guests on all hosts, which follow it', () => {
    const led = [...both, placed(2, 2, HOST_B, [2])];
    const [version, target] = [given(...led).state.gatewayVersion, floating(2)];
    const { associationId } = target;
    expect(commands(...led)).toEqual([[target.floatingIpId, { associationId, version, hostId: HOST_A }]]);
    const known: NetworkEvent = { type: 'network.floating-placed.v1', data: { associationId, version } };
    given(...led)
      .when({ type: 'RecordFloatingPlaced', data: known.data })
      .then(known);
    given(...led, known)
      .when({ type: 'RecordFloatingPlaced', data: known.data })
      .thenNothing();
    expect(commands(...led, known)).toEqual([]);
    const follows = [...led, known, moved(HOST_B)];
    const later = given(...follows).state.gatewayVersion;
    expect(commands(...follows)).toEqual([[target.floatingIpId, { associationId, version: later, hostId: HOST_B }]]);
    expect(commands(...follows, placed(2, 3, HOST_B))).toEqual([]);
    expect(commands(...follows, gone(2))).toEqual([]);
  });

  it('is none of a network whose hosts are each their own', () => {
    const plain: NetworkEvent = { ...made, data: { ...networkSpec, rangeStart: '10.0.0.2', rangeEnd: '10.0.0.9' } };
    given(plain)
      .when({ type: 'MoveGateway', data: { hostId: HOST_A } })
      .thenRefuses('network.no-one-gateway');
  });
});
