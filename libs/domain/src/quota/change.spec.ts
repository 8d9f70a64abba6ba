import { instanceRef, serverReservation } from '../instance';
import { uuid } from '../testing/examples';
import { after, specOf } from '../testing/given';
import { quota, type QuotaCommand, type QuotaEvent } from './index';

const given = specOf(quota);
const owner = instanceRef(uuid(1));
const reserved: QuotaEvent = {
  type: 'quota.reserved.v2',
  data: { reservations: [serverReservation(uuid(1), { vcpus: 2, ramMb: 512 })], settleAfter: after(30) },
};
const change = (cores: number, ram: number, version = 3): QuotaCommand => ({
  type: 'ChangeReservation',
  data: { owner, amounts: { cores, ram }, version },
});
const settle = (cores: number, ram: number, version: number): QuotaCommand => ({
  type: 'SettleReservation',
  data: { owner, amounts: { cores, ram }, version },
});
const changed = (cores: number, ram: number, version = 3): QuotaEvent => ({
  type: 'quota.reservation-changed.v1',
  data: { owner, amounts: { instances: 1, cores, ram }, version },
});
const limited = (limits: Record<string, number>): QuotaEvent => ({ type: 'quota.limits-set.v2', data: { limits } });

describe('changing a reservation', () => {
  it('counts the owner for what it holds now, and keeps what is not named', () => {
    const outcome = given(reserved).when(change(4, 1024));
    outcome.then(changed(4, 1024));
    expect(outcome.state.usage).toEqual({ instances: 1, cores: 4, ram: 1024 });
    expect(given(reserved, changed(1, 256)).state.usage).toEqual({ instances: 1, cores: 1, ram: 256 });
  });

  it('is refused in nova’s words by what it asks for more, and by nothing else', () => {
    const refusal = given(limited({ cores: 3, ram: 100, instances: 0 }), reserved)
      .when(change(4, 512))
      .thenRefuses('quota.exceeded');
    expect(refusal.message).toBe('Quota exceeded for cores: Requested 2, but already used 2 of 3 cores');
    given(limited({ cores: 1, ram: 100 }), reserved)
      .when(change(2, 256))
      .then(changed(2, 256));
  });

  it('takes the limits of all projects for those that the project has none of', () => {
    const data = { owner, amounts: { cores: 4, ram: 512 }, version: 3, classLimits: { cores: 3 } };
    given(reserved).when({ type: 'ChangeReservation', data }).thenRefuses('quota.exceeded');
    given(limited({ cores: 9 }), reserved)
      .when({ type: 'ChangeReservation', data })
      .then(changed(4, 512));
  });

  it('is settled whatever the limits are by then', () => {
    given(limited({ cores: 1 }), reserved, changed(1, 512))
      .when(settle(2, 512, 4))
      .then(changed(2, 512, 4));
  });

  it('comes too late after a later one, and for an owner that counts no more', () => {
    given(reserved, changed(2, 512, 4))
      .when(change(4, 1024, 3))
      .thenNothing();
    given(reserved, changed(4, 1024)).when(change(4, 1024)).thenNothing();
    given(reserved, { type: 'quota.released.v2', data: { owner } }).when(change(4, 1024)).thenNothing();
  });

  it('that only settles leaves a mark, so that the one that asked for more cannot come after it', () => {
    given(reserved)
      .when(settle(2, 512, 4))
      .then(changed(2, 512, 4));
  });
});
