import type { CommandEffect } from '../kernel/effect';
import { claim, HOST_A, inventory, uuid } from '../testing/examples';
import { after, at, specOf } from '../testing/given';
import type { Capacity } from './events';
import { claimable, host, type HostCommand, type HostEvent } from './index';

const given = specOf(host);
const identity = { hostId: HOST_A, name: 'node-a', number: 1, availabilityZone: 'nova' };
const enrolled: HostEvent = { type: 'host.enrolled.v1', data: identity };
const started = (boot = 1): HostEvent => ({ type: 'host.started.v1', data: { bootId: uuid(boot), inventory } });
const up = [enrolled, started()];
const claimed = (n: number, size: Partial<Capacity> = {}): HostEvent => ({
  type: 'host.capacity-claimed.v2',
  data: claim(n, size),
});
const ask = (n: number, size: Partial<Capacity> = {}, forced = false): HostCommand => ({
  type: 'ClaimCapacity',
  data: { ...claim(n, size), notAfter: after(60), forced },
});
const release = (n: number): HostCommand => ({
  type: 'ReleaseCapacity',
  data: { claimId: claim(n).claimId, notAfter: after(60) },
});
const released = (n: number): HostEvent => ({
  type: 'host.capacity-released.v2',
  data: { claimId: claim(n).claimId, owner: claim(n).owner },
});
const buried = (n: number, notAfter = after(60)): HostEvent => ({
  type: 'host.claim-tombstoned.v1',
  data: { claimId: claim(n).claimId, notAfter },
});
const disabled: HostEvent = { type: 'host.disabled.v1', data: { reason: 'disk' } };
const down: HostEvent = { type: 'host.went-down.v1', data: { lastSeenAt: null } };

describe('enrolling a host', () => {
  it('happens once; its name stays', () => {
    given().when({ type: 'EnrolHost', data: identity }).then(enrolled);
    given(enrolled).when({ type: 'EnrolHost', data: identity }).thenNothing();
    given(enrolled)
      .when({ type: 'EnrolHost', data: { ...identity, name: 'node-b' } })
      .thenRefuses('host.exists');
  });

  it('comes before everything else', () => {
    given().when(ask(1)).thenRefuses('host.not-found');
  });
});

describe('claiming capacity', () => {
  it('is granted while there is room, once for each claim', () => {
    given(...up)
      .when(ask(1))
      .then(claimed(1));
    given(...up, claimed(1))
      .when(ask(1))
      .thenNothing();
    expect(given(...up, claimed(1), claimed(2)).state.used).toEqual({ vcpus: 2, ramMb: 4096, diskGb: 40 });
  });

  it('over-commits processors 16 times, memory half again, disk not at all', () => {
    expect(claimable(inventory)).toEqual({ vcpus: 32, ramMb: 6001, diskGb: 100 });
    const all = { vcpus: 32, ramMb: 6001, diskGb: 100 };
    given(...up)
      .when(ask(1, all))
      .then(claimed(1, all));
  });

  it.each([
    ['vcpus', { vcpus: 33 }],
    ['ramMb', { ramMb: 6002 }],
    ['diskGb', { diskGb: 101 }],
  ])('is refused when %s do not suffice, even when forced', (resource, size) => {
    for (const forced of [false, true]) {
      const refusal = given(...up)
        .when(ask(1, size, forced))
        .thenRefuses('host.insufficient-capacity');
      expect(refusal.message).toContain(resource);
      expect(refusal.kind).toBe('capacity');
    }
  });

  it('is granted by the limits that the scheduler judged by, if it names any', () => {
    const limited = (limits: Partial<Capacity>, size: Partial<Capacity>): HostCommand => {
      const { type, data } = ask(1, size) as Extract<HostCommand, { type: 'ClaimCapacity' }>;
      return { type, data: { ...data, limits } };
    };
    given(...up)
      .when(limited({ vcpus: 40 }, { vcpus: 33 }))
      .then(claimed(1, { vcpus: 33 }));
    given(...up)
      .when(limited({ ramMb: 6_001 }, { vcpus: 33 }))
      .then(claimed(1, { vcpus: 33 }));
    given(...up)
      .when(limited({ vcpus: 2 }, { vcpus: 3 }))
      .thenRefuses('host.insufficient-capacity');
  });

  it('is refused by a host that is down, disabled or has not said what it has', () => {
    given(enrolled).when(ask(1)).thenRefuses('host.unknown-capacity');
    given(...up, disabled)
      .when(ask(1))
      .thenRefuses('host.disabled');
    given(...up, down)
      .when(ask(1))
      .thenRefuses('host.down');
  });

  it('that an administrator forces asks for room only', () => {
    given(...up, disabled, down)
      .when(ask(1, {}, true))
      .then(claimed(1));
    given(enrolled)
      .when(ask(1, {}, true))
      .thenRefuses('host.unknown-capacity');
  });

  it('is refused after its release, also when that came first, and after its time', () => {
    given(...up, buried(1))
      .when(ask(1))
      .thenRefuses('host.claim-released');
    given(...up)
      .when(ask(1), { at: after(60) })
      .then(claimed(1));
    given(...up)
      .when(ask(1), { at: after(61) })
      .thenRefuses('host.claim-too-late');
  });
});

describe('releasing capacity', () => {
  it('gives back exactly what was claimed, once', () => {
    given(...up, claimed(1))
      .when(release(1))
      .then(released(1));
    expect(given(...up, claimed(1), claimed(2), released(1), released(1)).state.used).toEqual({
      vcpus: 1,
      ramMb: 2048,
      diskGb: 20,
    });
  });

  it('of a claim that is unknown leaves a tombstone while the claim may still come', () => {
    given(...up)
      .when(release(1))
      .then(buried(1));
    given(...up, buried(1))
      .when(release(1))
      .thenNothing();
    given(...up)
      .when(release(1), { at: after(61) })
      .thenNothing();
  });

  it('lets tombstones go whose time has passed', () => {
    const { state } = given(...up, buried(1, after(10)), buried(2, after(30)), at(20, buried(3, after(60))));
    expect([...state.tombstones.entries()].map(([id]) => id).sort()).toEqual([claim(2).claimId, claim(3).claimId]);
  });
});

describe('a start of the agent', () => {
  const start = (boot: number): HostCommand => ({
    type: 'RecordAgentStarted',
    data: { bootId: uuid(boot), inventory },
  });

  it('is recorded once, and the host is up', () => {
    given(enrolled).when(start(1)).then(started(1));
    given(...up)
      .when(start(1))
      .thenNothing();
    expect(given(enrolled, at(3, started(1))).state).toMatchObject({ up: true, startedAt: after(3), inventory });
  });

  it('is told to the owner of each claim, whatever it is, under an id of that start', () => {
    const { owed } = given(...up, claimed(1), claimed(2), at(9, started(2)));
    expect(owed).toHaveLength(2);
    expect(owed).toContainEqual(
      expect.objectContaining({
        target: claim(1).owner,
        command: {
          type: 'RecordHostRestarted',
          data: { hostId: HOST_A, bootId: uuid(2), notAfter: after(1809) },
        },
      }),
    );
    const data = { ...claim(3), owner: { category: 'volume', id: uuid(3) } };
    const volume: HostEvent = { type: 'host.capacity-claimed.v2', data };
    expect(given(...up, volume, at(9, started(2))).owed).toMatchObject([{ target: data.owner }]);
    expect(given(enrolled, claimed(1)).owed).toEqual([]);
    expect(given(...up, claimed(1)).owed).toEqual([]);
    const again = given(...up, claimed(1), claimed(2), at(9, started(2)), at(9, started(3))).owed;
    expect(new Set([...owed, ...again].map(({ id }) => id)).size).toBe(4);
  });

  it('is settled for an owner that was told, or that cannot be', () => {
    const restarted = [...up, claimed(1), started(2)];
    const effect = given(...restarted).owed[0] as CommandEffect;
    const informed = {
      type: 'RecordOwnerInformed',
      data: { owner: claim(1).owner, bootId: uuid(2) },
    } as const;
    expect(effect.onDone(undefined)).toEqual(informed);
    expect(effect.onRefused({ code: '', message: '', permanent: true })).toEqual(informed);
    const told: HostEvent = { type: 'host.owner-informed.v1', data: informed.data };
    given(...restarted)
      .when(informed)
      .then(told);
    expect(given(...restarted, told).owed).toEqual([]);
    given(...restarted, told)
      .when(informed)
      .thenNothing();
    given(...restarted, started(3))
      .when(informed)
      .thenNothing();
  });

  it('is not told to an owner that has left', () => {
    expect(given(...up, claimed(1), started(2), released(1)).owed).toEqual([]);
  });

  it('is told to an owner that has given back one of two claims', () => {
    const second: HostEvent = { type: 'host.capacity-claimed.v2', data: { ...claim(2), owner: claim(1).owner } };
    expect(given(...up, claimed(1), second, started(2), released(1)).owed).toHaveLength(1);
  });
});

describe('what becomes of a host', () => {
  it('goes down and comes up, each once', () => {
    given(...up)
      .when({ type: 'MarkHostDown', data: { lastSeenAt: null } })
      .then(down);
    given(...up, down)
      .when({ type: 'MarkHostDown', data: { lastSeenAt: null } })
      .thenNothing();
    const comes: HostCommand = { type: 'MarkHostUp', data: { bootId: uuid(1) } };
    given(...up, down)
      .when(comes)
      .then({ type: 'host.came-up.v1', data: { bootId: uuid(1) } });
    given(...up)
      .when(comes)
      .thenNothing();
    expect(given(...up, down, { type: 'host.came-up.v1', data: { bootId: uuid(1) } }).state.up).toBe(true);
  });

  it('is disabled for a reason and enabled again', () => {
    given(...up)
      .when({ type: 'DisableHost', data: { reason: 'disk' } })
      .then(disabled);
    given(...up, disabled)
      .when({ type: 'DisableHost', data: { reason: 'disk' } })
      .thenNothing();
    given(...up, disabled)
      .when({ type: 'DisableHost', data: { reason: 'fan' } })
      .then({ type: 'host.disabled.v1', data: { reason: 'fan' } });
    given(...up, disabled)
      .when({ type: 'EnableHost', data: {} })
      .then({ type: 'host.enabled.v1', data: {} });
    given(...up)
      .when({ type: 'EnableHost', data: {} })
      .thenNothing();
    expect(given(...up, disabled, { type: 'host.enabled.v1', data: {} }).state).toMatchObject({
      enabled: true,
      disabledReason: null,
    });
  });
});

it('a snapshot holds all of the state', () => {
  const { state } = given(...up, claimed(1), claimed(2), started(2), released(1), buried(3));
  const stored: unknown = JSON.parse(JSON.stringify(host.snapshot.save(state)));
  expect(host.snapshot.load(stored)).toEqual(state);
});
