import { instanceRef, serverReservation } from '../instance';
import { uuid } from '../testing/examples';
import { after, specOf } from '../testing/given';
import { quota, type QuotaCommand, type QuotaEvent, type Reservation, userQuota } from './index';

const given = specOf(quota);
const item = (n: number, userId?: string, vcpus = 1): Reservation =>
  serverReservation(uuid(n), { vcpus, ramMb: 512 }, 0, userId);
const reserved = (...reservations: Reservation[]): QuotaEvent => ({
  type: 'quota.reserved.v2',
  data: { reservations, settleAfter: after(30) },
});
const reserve = (...reservations: Reservation[]): QuotaCommand => ({ type: 'ReserveQuota', data: { reservations } });
const limit = (userId: string, limits: Record<string, number | null>, force = false): QuotaCommand => ({
  type: 'SetUserQuotaLimits',
  data: { userId, limits, force },
});
const limited = (userId: string, limits: Record<string, number | null>): QuotaEvent => ({
  type: 'quota.user-limits-set.v1',
  data: { userId, limits },
});
const ofProject = (limits: Record<string, number | null>): QuotaEvent => ({
  type: 'quota.limits-set.v2',
  data: { limits },
});

describe('the limits of one user', () => {
  it('hold beside those of the project, for what that user makes', () => {
    const history = [limited('ann', { instances: 1 }), reserved(item(1, 'ann'), item(2, 'bob'))];
    const refusal = given(...history)
      .when(reserve(item(3, 'ann')))
      .thenRefuses('quota.exceeded');
    expect(refusal.message).toBe('Quota exceeded for instances: Requested 1, but already used 1 of 1 instances');
    given(...history)
      .when(reserve(item(3, 'bob')))
      .then(reserved(item(3, 'bob')));
    given(...history)
      .when(reserve(item(3)))
      .then(reserved(item(3)));
    given(...history, ofProject({ instances: 2 }))
      .when(reserve(item(3, 'bob')))
      .thenRefuses('quota.exceeded');
  });

  it('let a user whose limit is -1 use all that the project may', () => {
    given(limited('ann', { cores: -1 }))
      .when(reserve(item(1, 'ann', 20)))
      .then(reserved(item(1, 'ann', 20)));
    given(limited('ann', { cores: -1 }))
      .when(reserve(item(1, 'ann', 21)))
      .thenRefuses('quota.exceeded');
  });

  it('count what the user makes, changes and gives back', () => {
    const changed: QuotaEvent = {
      type: 'quota.reservation-changed.v1',
      data: { owner: instanceRef(uuid(1)), amounts: { instances: 1, cores: 4, ram: 2048 }, version: 3 },
    };
    const { state } = given(reserved(item(1, 'ann'), item(2, 'ann')), changed);
    expect(userQuota(state, 'ann').usage).toEqual({ instances: 2, cores: 5, ram: 2560 });
    const released = [1, 2].map((n): QuotaEvent => ({
      type: 'quota.released.v2',
      data: { owner: instanceRef(uuid(n)) },
    }));
    expect(given(reserved(item(1, 'ann'), item(2, 'ann')), changed, ...released).state.users.size).toBe(0);
  });

  it('let no server of the user grow beyond them', () => {
    const change: QuotaCommand = {
      type: 'ChangeReservation',
      data: { owner: instanceRef(uuid(1)), amounts: { cores: 4 }, version: 3 },
    };
    given(limited('ann', { cores: 3 }), reserved(item(1, 'ann')))
      .when(change)
      .thenRefuses('quota.exceeded');
    expect(() => given(limited('ann', { cores: 3 }), reserved(item(1, 'bob'))).when(change)).not.toThrow();
  });

  it('are within what the user has in use and what the project has left, unless they are forced', () => {
    const history = [
      ofProject({ instances: 10 }),
      limited('bob', { instances: 4 }),
      reserved(item(1, 'ann'), item(2, 'ann')),
    ];
    const low = given(...history)
      .when(limit('ann', { instances: 1 }))
      .thenRefuses('quota.below-usage');
    expect(low.message).toBe(
      'Quota limit 1 for instances must be greater than or equal to already used and reserved 2.',
    );
    const high = given(...history)
      .when(limit('ann', { instances: 7 }))
      .thenRefuses('quota.beyond-project');
    expect(high.message).toBe('Quota limit 7 for instances must be less than or equal to 6.');
    given(...history)
      .when(limit('ann', { instances: -1 }))
      .thenRefuses('quota.beyond-project');
    given(...history)
      .when(limit('ann', { instances: 6 }))
      .then(limited('ann', { instances: 6 }));
    given(...history)
      .when(limit('bob', { instances: 10 }))
      .then(limited('bob', { instances: 10 }));
    given(...history)
      .when(limit('ann', { instances: 0 }, true))
      .then(limited('ann', { instances: 0 }));
    given(ofProject({ instances: -1 }))
      .when(limit('ann', { instances: 99 }))
      .then(limited('ann', { instances: 99 }));
  });

  it('are given of the project’s, which cannot be less than all of them', () => {
    const history = [limited('ann', { instances: 4 }), limited('bob', { instances: 3, cores: -1 })];
    const set = (instances: number): QuotaCommand => ({
      type: 'SetQuotaLimits',
      data: { limits: { instances }, force: false },
    });
    given(...history)
      .when(set(6))
      .thenRefuses('quota.below-usage');
    given(...history)
      .when(set(7))
      .then(ofProject({ instances: 7 }));
  });

  it('are those of the project again once they are taken away', () => {
    given(limited('ann', { instances: 4 }))
      .when(limit('ann', { instances: null }))
      .then(limited('ann', { instances: null }));
    expect(given(limited('ann', { instances: 4 }), limited('ann', { instances: null })).state.users.size).toBe(0);
    given()
      .when(limit('ann', { instances: null }))
      .thenNothing();
  });
});

it('a snapshot holds them', () => {
  const { state } = given(limited('ann', { instances: 4 }), reserved(item(1, 'bob')));
  const stored: unknown = JSON.parse(JSON.stringify(quota.snapshot.save(state)));
  expect(quota.snapshot.load(stored)).toEqual(state);
});
