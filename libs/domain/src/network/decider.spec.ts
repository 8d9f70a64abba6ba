import { instanceRef } from '../instance/quota';
import { NET, networkSpec, uuid } from '../testing/examples';
import { after, at, specOf } from '../testing/given';
import { mayUseNetwork, network, type NetworkCommand, type NetworkEvent } from './index';

const given = specOf(network);
const create = (changes: Partial<Extract<NetworkCommand, { type: 'CreateNetwork' }>['data']> = {}): NetworkCommand => ({
  type: 'CreateNetwork',
  data: { ...networkSpec, rangeStart: null, rangeEnd: null, ...changes },
});
const created = (rangeStart = '10.0.0.2', rangeEnd = '10.0.0.4'): NetworkEvent => ({
  type: 'network.created.v1',
  data: { ...networkSpec, rangeStart, rangeEnd },
});
const allocate = (n: number, address: string | null = null): NetworkCommand => ({
  type: 'AllocateAddress',
  data: { claimId: uuid(n), owner: instanceRef(uuid(100 + n)), address, notAfter: after(60) },
});
const allocated = (n: number, address: string): NetworkEvent => ({
  type: 'network.address-allocated.v2',
  data: { claimId: uuid(n), owner: instanceRef(uuid(100 + n)), address, mac: `fa:16:3e:00:00:0${String(n)}` },
});
const release = (n: number): NetworkCommand => ({
  type: 'ReleaseAddress',
  data: { claimId: uuid(n), notAfter: after(60) },
});
const released = (n: number, address: string): NetworkEvent => ({
  type: 'network.address-released.v1',
  data: { claimId: uuid(n), address },
});
const buried = (n: number, notAfter = after(60)): NetworkEvent => ({
  type: 'network.claim-tombstoned.v1',
  data: { claimId: uuid(n), notAfter },
});
const got = (outcome: { state: { claims: { get(id: string): { address: string } | undefined } } }, n: number): string =>
  outcome.state.claims.get(uuid(n))?.address ?? 'none';

describe('creating a network', () => {
  it('leaves to instances all but network, gateway and broadcast address', () => {
    given().when(create()).then(created('10.0.0.2', '10.0.0.254'));
  });

  it('keeps to the range that is given', () => {
    given()
      .when(create({ rangeStart: '10.0.0.10', rangeEnd: '10.0.0.20' }))
      .then(created('10.0.0.10', '10.0.0.20'));
  });

  it.each([
    ['cidr', { cidr: '10.0.0.0' }],
    ['cidr', { cidr: '10.0.0.1/24' }],
    ['cidr', { cidr: '10.0.0.0/30' }],
    ['gateway', { gateway: '10.0.0.0' }],
    ['gateway', { gateway: '10.0.0.255' }],
    ['gateway', { gateway: '10.0.1.1' }],
    ['gateway', { gateway: 'fe80::1' }],
    ['allowed_start', { rangeStart: '10.0.1.1' }],
    ['allowed_end', { rangeEnd: '9.255.255.255' }],
    ['allowed_start', { rangeStart: '10.0.0.20', rangeEnd: '10.0.0.10' }],
    ['allowed_start', { rangeStart: '10.0.0.1', rangeEnd: '10.0.0.1' }],
  ])('is refused with the field %s named: %j', (field, changes) => {
    const refusal = given().when(create(changes)).thenRefuses('network.invalid');
    expect(refusal.details).toEqual({ field });
  });

  it('happens once', () => {
    given(created()).when(create()).thenRefuses('network.exists');
    given(created(), { type: 'network.deleted.v1', data: { networkId: NET } })
      .when(create())
      .thenRefuses('network.exists');
  });
});

describe('deleting a network', () => {
  const deleted: NetworkEvent = { type: 'network.deleted.v1', data: { networkId: NET } };

  it('waits until no address is in use', () => {
    given(created(), allocated(1, '10.0.0.2')).when({ type: 'DeleteNetwork', data: {} }).thenRefuses('network.in-use');
    given(created(), allocated(1, '10.0.0.2'), released(1, '10.0.0.2'))
      .when({ type: 'DeleteNetwork', data: {} })
      .then(deleted);
  });

  it('is final', () => {
    given(created(), deleted).when(allocate(1)).thenRefuses('network.not-found');
    given(created(), deleted).when({ type: 'DeleteNetwork', data: {} }).thenRefuses('network.not-found');
    given().when(release(1)).thenRefuses('network.not-found');
  });
});

describe('allocating an address', () => {
  it('gives the first that is free, a MAC of its own, and the network with it', () => {
    const outcome = given(created()).when(allocate(1));
    expect(got(outcome, 1)).toBe('10.0.0.2');
    outcome.thenAnswers({
      address: '10.0.0.2',
      mac: expect.stringMatching(/^fa:16:3e(:[0-9a-f]{2}){3}$/) as unknown,
      network: networkSpec,
    });
    expect(given(created()).when(allocate(1)).state).toEqual(outcome.state);
  });

  it('reuses an address as late as possible', () => {
    const history = [created(), allocated(1, '10.0.0.2'), allocated(2, '10.0.0.3'), released(1, '10.0.0.2')];
    expect(got(given(...history).when(allocate(3)), 3)).toBe('10.0.0.4');
    expect(got(given(...history, allocated(3, '10.0.0.4')).when(allocate(4)), 4)).toBe('10.0.0.2');
  });

  it('never gives the gateway, also when it is in the range', () => {
    expect(got(given(created('10.0.0.1')).when(allocate(1)), 1)).toBe('10.0.0.2');
    given(created('10.0.0.1', '10.0.0.2'), allocated(1, '10.0.0.2'))
      .when(allocate(2))
      .thenRefuses('network.no-more-addresses');
    given(created('10.0.0.1')).when(allocate(1, '10.0.0.1')).thenRefuses('network.address-outside');
  });

  it('is refused when none is left', () => {
    const full = [allocated(1, '10.0.0.2'), allocated(2, '10.0.0.3'), allocated(3, '10.0.0.4')];
    const refusal = given(created(), ...full)
      .when(allocate(4))
      .thenRefuses('network.no-more-addresses');
    expect(refusal.kind).toBe('capacity');
  });

  it('gives a certain address when it is free and in the range', () => {
    expect(got(given(created()).when(allocate(1, '10.0.0.3')), 1)).toBe('10.0.0.3');
    given(created(), allocated(1, '10.0.0.3')).when(allocate(2, '10.0.0.3')).thenRefuses('network.address-in-use');
  });

  it.each(['10.0.0.5', '9.9.9.9', 'x', '10.0.0.02', '10.0.0.3 '])('refuses the address %j', (address) => {
    given(created()).when(allocate(1, address)).thenRefuses('network.address-outside');
  });

  it('is done once for each claim, and answers a repeat alike', () => {
    const history = given(created(), allocated(1, '10.0.0.3'));
    history.when(allocate(1)).thenNothing();
    history.when(allocate(1)).thenAnswers({ address: '10.0.0.3', mac: 'fa:16:3e:00:00:01', network: networkSpec });
  });

  it('is refused after its release, also when that came first, and after its time', () => {
    given(created(), buried(1)).when(allocate(1)).thenRefuses('network.claim-released');
    expect(got(given(created()).when(allocate(1), { at: after(60) }), 1)).toBe('10.0.0.2');
    given(created())
      .when(allocate(1), { at: after(61) })
      .thenRefuses('network.claim-released');
  });

  it('never gives a MAC twice', () => {
    const { state } = given(created()).when(allocate(1));
    const mac = state.claims.get(uuid(1))?.mac ?? '';
    const other: NetworkEvent = {
      type: 'network.address-allocated.v2',
      data: { claimId: uuid(2), owner: instanceRef(uuid(102)), address: '10.0.0.3', mac },
    };
    const { state: later } = given(created(), other).when(allocate(1));
    expect(later.claims.get(uuid(1))?.mac).not.toBe(mac);
  });
});

describe('an address that is reserved', () => {
  const reserve = (address: string) => ({ type: 'ReserveNetworkAddress', data: { address } }) as const;
  const unreserve = (address: string) => ({ type: 'UnreserveNetworkAddress', data: { address } }) as const;
  const reserved = (address: string): NetworkEvent => ({ type: 'network.address-reserved.v1', data: { address } });

  it('is never given out, asked for or not', () => {
    given(created()).when(reserve('10.0.0.2')).then(reserved('10.0.0.2'));
    expect(got(given(created(), reserved('10.0.0.2')).when(allocate(1)), 1)).toBe('10.0.0.3');
    given(created(), reserved('10.0.0.2')).when(allocate(1, '10.0.0.2')).thenRefuses('network.address-outside');
    given(created('10.0.0.2', '10.0.0.3'), reserved('10.0.0.2'), allocated(1, '10.0.0.3'))
      .when(allocate(2))
      .thenRefuses('network.no-more-addresses');
  });

  it('stays with the server that has it, and goes to no other after that', () => {
    const history = [created('10.0.0.2', '10.0.0.2'), allocated(1, '10.0.0.2'), reserved('10.0.0.2')];
    expect(given(...history).state.claims.size).toBe(1);
    given(...history, released(1, '10.0.0.2'))
      .when(allocate(2))
      .thenRefuses('network.no-more-addresses');
  });

  it('is given out again when it is no longer reserved', () => {
    const unreserved: NetworkEvent = { type: 'network.address-unreserved.v1', data: { address: '10.0.0.2' } };
    given(created(), reserved('10.0.0.2')).when(unreserve('10.0.0.2')).then(unreserved);
    expect(got(given(created(), reserved('10.0.0.2'), unreserved).when(allocate(1)), 1)).toBe('10.0.0.2');
    given(created()).when(unreserve('10.0.0.2')).thenNothing();
  });

  it.each(['10.0.0.0', '10.0.0.1', '10.0.0.9', '10.0.0.255'])('stays so when it is not for guests: %s', (address) => {
    given(created()).when(reserve(address)).thenNothing();
    given(created()).when(unreserve(address)).thenRefuses('network.address-beyond');
  });

  it.each(['10.0.1.0', '9.255.255.255', 'x'])('is one of the network: %s', (address) => {
    given(created()).when(reserve(address)).thenRefuses('network.address-outside');
    given(created()).when(unreserve(address)).thenRefuses('network.address-outside');
  });
});

describe('a network of a project', () => {
  const associate = { type: 'AssociateNetwork', data: { projectId: 'p1' } } as const;
  const disassociate = { type: 'DisassociateNetwork', data: {} } as const;
  const set = (projectId: string | null): NetworkEvent => ({ type: 'network.project-set.v1', data: { projectId } });

  it('is for its guests alone', () => {
    const { state } = given(created()).when(associate);
    expect([mayUseNetwork(state, 'p1'), mayUseNetwork(state, 'p2')]).toEqual([true, false]);
    given(created(), set('p1')).when(disassociate).then(set(null));
    expect(mayUseNetwork(given(created()).state, 'p2')).toBe(true);
  });

  it('may be one from the beginning', () => {
    const { state } = given().when(create({ projectId: 'p1', priority: 2 }));
    expect([state.projectId, state.spec]).toEqual(['p1', networkSpec]);
  });

  it('is taken once, and cannot be deleted until it is given back', () => {
    given(created(), set('p1')).when(associate).thenRefuses('network.none-left');
    given(created(), set('p1')).when({ type: 'DeleteNetwork', data: {} }).thenRefuses('network.has-project');
    const anyhow = { type: 'DeleteNetwork', data: { alsoOfProject: true } } as const;
    given(created(), set('p1'), allocated(1, '10.0.0.2')).when(anyhow).thenRefuses('network.in-use');
    given(created(), set('p1'))
      .when(anyhow)
      .then({ type: 'network.deleted.v1', data: { networkId: NET } });
    given(created()).when(disassociate).thenNothing();
  });
});

describe('releasing an address', () => {
  it('frees address and MAC, once', () => {
    const history = [created(), allocated(1, '10.0.0.2')];
    given(...history)
      .when(release(1))
      .then(released(1, '10.0.0.2'));
    given(...history)
      .when(release(1))
      .thenAnswers(undefined);
    const { state } = given(...history, released(1, '10.0.0.2'));
    expect([state.claims.size, state.taken.size, state.macs.size]).toEqual([0, 0, 0]);
    expect(given(...history, released(9, '10.0.0.9')).state.claims.size).toBe(1);
  });

  it('of a claim that is unknown leaves a tombstone while the claim may still come', () => {
    given(created()).when(release(1)).then(buried(1));
    given(created(), buried(1)).when(release(1)).thenNothing();
    given(created())
      .when(release(1), { at: after(61) })
      .thenNothing();
  });

  it('lets tombstones go whose time has passed', () => {
    const { state } = given(created(), buried(1, after(10)), at(20, buried(2)));
    expect([...state.tombstones.entries()].map(([id]) => id)).toEqual([uuid(2)]);
  });
});

it('a snapshot holds all of the state', () => {
  const { state } = given(
    created(),
    allocated(1, '10.0.0.2'),
    allocated(2, '10.0.0.3'),
    released(1, '10.0.0.2'),
    { type: 'network.address-reserved.v1', data: { address: '10.0.0.4' } },
    { type: 'network.project-set.v1', data: { projectId: 'p1' } },
    buried(3),
  );
  const stored: unknown = JSON.parse(JSON.stringify(network.snapshot.save(state)));
  expect(network.snapshot.load(stored)).toEqual(state);
});
