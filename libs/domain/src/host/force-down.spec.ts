import { HOST_A, uuid } from '../testing/examples';
import { after, specOf } from '../testing/given';
import { inventoryOf } from '../testing/model/records';
import { host, type HostCommand, type HostEvent } from './index';

const given = specOf(host);

const up: readonly HostEvent[] = [
  { type: 'host.enrolled.v1', data: { hostId: HOST_A, name: 'node-a', number: 1, availabilityZone: 'nova' } },
  {
    type: 'host.started.v1',
    data: {
      bootId: uuid(1),
      inventory: inventoryOf(),
    },
  },
];
const forced: HostEvent = { type: 'host.forced-down.v1', data: {} };
const cleared: HostEvent = { type: 'host.force-down-cleared.v1', data: {} };
const force: HostCommand = { type: 'ForceHostDown', data: {} };
const clear: HostCommand = { type: 'ClearForceDown', data: {} };

const ask = (byForce: boolean): HostCommand => ({
  type: 'ClaimCapacity',
  data: {
    claimId: uuid(2),
    owner: { category: 'instance', id: uuid(3) },
    projectId: 'p',
    amounts: { vcpus: 1, ramMb: 512, diskGb: 1 },
    notAfter: after(60),
    forced: byForce,
  },
});

describe('the statement that a host is down', () => {
  it('is recorded once, and taken back once', () => {
    given(...up)
      .when(force)
      .then(forced);
    given(...up, forced)
      .when(force)
      .thenNothing();
    given(...up, forced)
      .when(clear)
      .then(cleared);
    given(...up)
      .when(clear)
      .thenNothing();
  });

  it('keeps claims away until it is cleared, except those that an administrator forces', () => {
    given(...up, forced)
      .when(ask(false))
      .thenRefuses('host.down');
    expect(() => given(...up, forced).when(ask(true))).not.toThrow();
    expect(given(...up, forced, cleared).when(ask(false)).state.claims.size).toBe(1);
  });

  it('is not what the host itself shows: that is heard of or not beside it', () => {
    expect(given(...up, forced).state).toMatchObject({ up: true, forcedDown: true });
    const down: HostEvent = { type: 'host.went-down.v1', data: { lastSeenAt: null } };
    expect(given(...up, forced, down, cleared).state).toMatchObject({ up: false, forcedDown: false });
  });
});
