import { after, at, specOf } from '../testing/given';
import { uuid } from '../testing/examples';
import type { CommandEffect } from '../kernel/effect';
import { instanceRef, serverReservation } from '../instance';
import type { StreamRef } from '../kernel/aggregate';
import { limitsOf, quota, type QuotaCommand, type QuotaEvent, type Reservation } from './index';

const given = specOf(quota);
const owner = (n: number): StreamRef => instanceRef(uuid(n));
const item = (n: number, vcpus = 1, ramMb = 512): Reservation => serverReservation(uuid(n), { vcpus, ramMb });
const volume = (n: number, gb: number): Reservation => ({
  owner: { category: 'volume', id: uuid(n) },
  amounts: { volumes: 1, gigabytes: gb, gigabytes_lvm: gb },
});
const reserve = (...reservations: Reservation[]): QuotaCommand => ({ type: 'ReserveQuota', data: { reservations } });
const reserved = (...reservations: Reservation[]): QuotaEvent => ({
  type: 'quota.reserved.v2',
  data: { reservations, settleAfter: after(30) },
});
const release = (n: number): QuotaCommand => ({ type: 'ReleaseQuota', data: { owner: owner(n) } });
const released = (n: number): QuotaEvent => ({ type: 'quota.released.v2', data: { owner: owner(n) } });
const confirm = (...ns: number[]): QuotaCommand => ({ type: 'ConfirmQuota', data: { owners: ns.map(owner) } });
const confirmed = (...ns: number[]): QuotaEvent => ({
  type: 'quota.confirmed.v2',
  data: { owners: ns.map(owner) },
});
const found = (n: number): QuotaCommand => ({ type: 'RecordOwnerFound', data: { owner: owner(n) } });
const missing = (n: number): QuotaCommand => ({ type: 'RecordOwnerMissing', data: { owner: owner(n) } });
const wasFound = (n: number): QuotaEvent => ({ type: 'quota.owner-found.v1', data: { owner: owner(n) } });
const undone = (...ns: number[]): QuotaEvent => ({
  type: 'quota.undo-requested.v2',
  data: { owners: ns.map(owner) },
});
const limit = (limits: Record<string, number | null>, force = false): QuotaCommand => ({
  type: 'SetQuotaLimits',
  data: { limits, force },
});
const limited = (limits: Record<string, number | null>): QuotaEvent => ({
  type: 'quota.limits-set.v2',
  data: { limits },
});

describe('reserving quota', () => {
  it('counts servers, cores and memory, to be settled after 30 s', () => {
    given()
      .when(reserve(item(1), item(2, 2, 1024)))
      .then(reserved(item(1), item(2, 2, 1024)));
    expect(given(reserved(item(1), item(2, 2, 1024))).state.usage).toEqual({ instances: 2, cores: 3, ram: 1536 });
  });

  it('counts each server once, however often it is named or asked for', () => {
    given()
      .when(reserve(item(1), item(1)))
      .then(reserved(item(1)));
    given(reserved(item(1)))
      .when(reserve(item(1)))
      .thenNothing();
    given(reserved(item(1)))
      .when(reserve(item(1), item(2)))
      .then(reserved(item(2)));
  });

  it('is refused as a whole when any resource does not suffice, in the words of nova', () => {
    const refusal = given(limited({ instances: 1, cores: 2, ram: 10_000 }), reserved(item(1)))
      .when(reserve(item(2, 2)))
      .thenRefuses('quota.exceeded');
    expect(refusal.message).toBe(
      'Quota exceeded for cores, instances: Requested 2, 1, but already used 1, 1 of 2, 1 cores, instances',
    );
    expect(refusal.details).toEqual({ resources: ['cores', 'instances'] });
    given(limited({ ram: 511 }))
      .when(reserve(item(1)))
      .thenRefuses('quota.exceeded');
  });

  it('counts whatever has a name, for owners of any kind', () => {
    const { state } = given(reserved(item(1)), reserved(volume(1, 5), volume(2, 7)));
    expect(state.usage).toEqual({ instances: 1, cores: 1, ram: 512, volumes: 2, gigabytes: 12, gigabytes_lvm: 12 });
    const refusal = given(limited({ gigabytes_lvm: 11 }), reserved(volume(1, 5)))
      .when(reserve(volume(2, 7)))
      .thenRefuses('quota.exceeded');
    expect(refusal.message).toContain('Quota exceeded for gigabytes_lvm: Requested 7, but already used 5 of 11');
  });

  it.each([
    ['wishes', 'quota.unknown-resource'],
    ['metadata_items', 'quota.not-counted'],
  ])('counts no %s', (name, code) => {
    given()
      .when(reserve({ owner: owner(1), amounts: { [name]: 1 } }))
      .thenRefuses(code);
  });

  it('is limited by what is set for all projects, where nothing is set for this one', () => {
    const asked: QuotaCommand = {
      type: 'ReserveQuota',
      data: { reservations: [item(1)], classLimits: { instances: 0 } },
    };
    given().when(asked).thenRefuses('quota.exceeded');
    given(limited({ instances: 1 }))
      .when(asked)
      .then(reserved(item(1)));
    expect(limitsOf(given(limited({ cores: 3 })).state, { cores: 1, ram: 2 })).toMatchObject({ cores: 3, ram: 2 });
  });

  it('has no limit where the limit is -1', () => {
    given(limited({ instances: -1, cores: -1, ram: -1 }))
      .when(reserve(item(1, 999, 999_999)))
      .then(reserved(item(1, 999, 999_999)));
  });
});

describe('giving quota back', () => {
  it('takes off exactly what the server counted for, once', () => {
    given(reserved(item(1), item(2, 2, 1024)))
      .when(release(2))
      .then(released(2));
    const { state } = given(reserved(item(1), item(2, 2, 1024)), released(2), released(2));
    expect(state.usage).toEqual({ instances: 1, cores: 1, ram: 512 });
    given(reserved(item(1)), released(1))
      .when(release(1))
      .thenNothing();
  });
});

describe('settling reservations', () => {
  const history = [reserved(item(1), item(2))];

  it('is due 30 s after each that is not confirmed', () => {
    const { owed } = given(...history);
    expect(owed).toHaveLength(2);
    expect(owed[0]).toMatchObject({
      notBefore: after(30),
      target: { category: 'instance' },
      command: { type: 'AbandonCreation' },
    });
    expect(new Set(owed.map(({ id }) => id)).size).toBe(2);
    expect(given(...history, confirmed(1)).owed).toHaveLength(1);
    expect(given(...history, confirmed(1), released(2)).owed).toEqual([]);
  });

  it('is another effect when the same server is reserved for again', () => {
    const again: QuotaEvent = { type: 'quota.reserved.v2', data: { reservations: [item(1)], settleAfter: after(99) } };
    const [first] = given(reserved(item(1))).owed;
    const [second] = given(reserved(item(1)), released(1), again).owed;
    expect(second?.id).not.toBe(first?.id);
  });

  it('releases what was abandoned and confirms what was launched', () => {
    const effect = given(reserved(item(1))).owed[0] as CommandEffect;
    expect(effect.onDone(undefined)).toEqual(missing(1));
    expect(effect.onRefused({ code: 'instance.exists', message: '', permanent: true })).toEqual(found(1));
    given(reserved(item(1)))
      .when(missing(1))
      .then(released(1));
    given(reserved(item(1)))
      .when(found(1))
      .then(confirmed(1));
  });

  it('is confirmed once, for those that wait for it', () => {
    given(...history)
      .when(confirm(1, 9))
      .then(confirmed(1));
    given(...history, confirmed(1))
      .when(confirm(1))
      .thenNothing();
  });
});

describe('settling a request for several servers', () => {
  const history = [reserved(item(1), item(2), item(3))];
  const names = (...events: QuotaEvent[]): readonly string[] =>
    given(...history, ...events).owed.map((effect) => (effect as CommandEffect).command.type);

  it('confirms none before all are found', () => {
    given(...history)
      .when(found(2))
      .then(wasFound(2));
    expect(names(wasFound(2))).toEqual(['AbandonCreation', 'AbandonCreation']);
    const { state } = given(...history, wasFound(2), wasFound(1)).when(found(3));
    expect(state.unconfirmed.size).toBe(0);
    expect(state.usage['instances']).toBe(3);
  });

  it('undoes all the others when one is missing, found or not', () => {
    const told = given(...history, wasFound(1)).when(missing(2));
    told.then(released(2), undone(1, 3));
    expect(names(wasFound(1), released(2), undone(1, 3))).toEqual(['UndoCreation', 'UndoCreation']);
    const effect = given(...history, released(2), undone(1, 3)).owed[0] as CommandEffect;
    expect(effect.notBefore).toBeUndefined();
    expect([effect.onDone(undefined), effect.onRefused({ code: '', message: '', permanent: true })]).toEqual([
      release(1),
      release(1),
    ]);
  });

  it('does not change its mind about an undone request when an answer comes late', () => {
    const past = [...history, released(2), undone(1, 3)];
    for (const late of [confirm(1, 2, 3), found(1), missing(2)])
      given(...past)
        .when(late)
        .thenNothing();
    given(...past)
      .when(missing(3))
      .then(released(3));
    expect(given(...past, released(1), released(3)).owed).toEqual([]);
  });

  it('never undoes what was confirmed, nor what another request reserved for', () => {
    given(...history, confirmed(1, 2, 3))
      .when(missing(1))
      .then(released(1));
    given(...history, reserved(item(4)))
      .when(missing(4))
      .then(released(4));
  });

  it('does not wait for a server that its tenant has deleted', () => {
    given(...history, released(1), wasFound(2))
      .when(found(3))
      .then(confirmed(3, 2));
    given(...history, released(1))
      .when(found(1))
      .thenNothing();
    given(...history, wasFound(1), wasFound(3))
      .when(release(2))
      .then(released(2), confirmed(1, 3));
    given(...history, wasFound(1))
      .when(release(2))
      .then(released(2));
  });
});

describe('limits', () => {
  it('are the defaults until others are set, and again when those are taken away', () => {
    expect(limitsOf(given().state)).toMatchObject({ instances: 10, cores: 20, ram: 51_200 });
    given()
      .when(limit({ instances: 3, cores: null }))
      .then(limited({ instances: 3 }));
    expect(limitsOf(given(limited({ instances: 3 })).state)['instances']).toBe(3);
    given(limited({ instances: 3 }))
      .when(limit({ instances: null }))
      .then(limited({ instances: null }));
    expect(limitsOf(given(limited({ instances: 3 }), limited({ instances: null })).state)['instances']).toBe(10);
    given(limited({ instances: 3 }))
      .when(limit({ instances: 3 }))
      .thenNothing();
  });

  it.each([{ instances: 1 }, { cores: 1 }, { ram: 1023 }])('cannot be set below what is in use: %j', (limits) => {
    const used = given(reserved(item(1), item(2)));
    const refusal = used.when(limit(limits)).thenRefuses('quota.below-usage');
    expect(refusal.message).toMatch(/must be greater than or equal to already used and reserved/);
    used.when(limit(limits, true)).then(limited(limits));
  });

  it('may be as low as what is in use, or none', () => {
    given(reserved(item(1)))
      .when(limit({ instances: 1, cores: -1 }))
      .then(limited({ instances: 1, cores: -1 }));
  });

  it('and usage are what every sender learns', () => {
    given(reserved(item(1)))
      .when(reserve(item(1)))
      .thenAnswers({
        limits: expect.objectContaining({ cores: 20 }) as unknown,
        usage: { instances: 1, cores: 1, ram: 512 },
      });
  });
});

it('a snapshot holds all of the state', () => {
  const { state } = given(limited({ cores: 3 }), at(5, reserved(item(1), item(2), item(3))), wasFound(2), confirmed(1));
  const stored: unknown = JSON.parse(JSON.stringify(quota.snapshot.save(state)));
  expect(quota.snapshot.load(stored)).toEqual(state);
});
