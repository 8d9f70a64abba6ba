import { uuid } from '../testing/examples';
import { after, at, specOf } from '../testing/given';
import { isLockedOut, type LockoutRule, user, type UserCommand, type UserEvent, type UserRecord } from './index';

const given = specOf(user);
const record: UserRecord = {
  userId: uuid(1),
  name: 'alice',
  domainId: 'default',
  email: null,
  description: '',
  enabled: true,
  defaultProjectId: null,
  passwordHash: { keyId: 'k1', ciphertext: 'b2xk' },
};
const created: UserEvent = { type: 'user.created.v1', data: record };
const abandoned: UserEvent = { type: 'user.creation-abandoned.v1', data: {} };
const deleted: UserEvent = { type: 'user.deleted.v1', data: { userId: uuid(1) } };
const passwordHash = { keyId: 'k1', ciphertext: 'bmV3' };
const changed: UserEvent = { type: 'user.password-changed.v1', data: { passwordHash } };
const create: UserCommand = { type: 'CreateUser', data: record };
const abandon: UserCommand = { type: 'AbandonCreation', data: { id: 'u1' } };
const revoke = (tokenId: string, until = 60): UserCommand => ({
  type: 'RevokeToken',
  data: { tokenId, expiresAt: after(until) },
});
const revoked = (tokenId: string, until = 60): UserEvent => ({
  type: 'user.token-revoked.v1',
  data: { tokenId, expiresAt: after(until) },
});

describe('the life of a user', () => {
  it('begins once', () => {
    given().when(create).then(created);
    given(created).when(create).thenRefuses('user.exists');
    given(created, deleted).when(create).thenRefuses('user.exists');
  });

  it('never begins once it was abandoned', () => {
    given().when(abandon).then(abandoned);
    given(abandoned).when(abandon).thenNothing();
    given(abandoned).when(create).thenRefuses('user.exists');
    given(created).when(abandon).thenRefuses('user.exists');
    given(created, deleted).when(abandon).thenRefuses('user.exists');
  });

  it('ends once; then there is nobody to change', () => {
    given(created).when({ type: 'DeleteUser', data: {} }).then(deleted);
    given({ ...created }, deleted)
      .when({ type: 'DeleteUser', data: {} })
      .thenRefuses('user.not-found');
    given()
      .when({ type: 'UpdateUser', data: { name: 'x' } })
      .thenRefuses('user.not-found');
    given(abandoned).when({ type: 'ChangePassword', data: { passwordHash } }).thenRefuses('user.not-found');
  });
});

describe('changing a user', () => {
  it('records what differs, and nothing else', () => {
    given(created)
      .when({ type: 'UpdateUser', data: { name: 'bob', enabled: true } })
      .then({ type: 'user.updated.v1', data: { name: 'bob' } });
    given(created)
      .when({ type: 'UpdateUser', data: { name: 'alice' } })
      .thenNothing();
    const { state } = given(created, { type: 'user.updated.v1', data: { name: 'bob' } });
    expect(state.record).toEqual({ ...record, name: 'bob' });
  });

  it('of the password, or to disabled, begins another epoch; nothing else does, and no clock', () => {
    given(created).when({ type: 'ChangePassword', data: { passwordHash } }).then(changed);
    expect(given(created, at(5, changed)).state).toMatchObject({ record: { passwordHash }, epoch: 1 });
    const enabled = (enabled: boolean): UserEvent => ({ type: 'user.updated.v1', data: { enabled } });
    expect(given(created, at(-3_600, changed), enabled(false), enabled(true), enabled(false)).state.epoch).toBe(3);
    const renamed: UserEvent = { type: 'user.updated.v1', data: { name: 'bob' } };
    expect(given(created, renamed, enabled(true), revoked('t1')).state.epoch).toBe(0);
  });

  it('of the password is refused when what allowed it was proven in another epoch', () => {
    const another = { keyId: 'k1', ciphertext: 'YW5vdGhlcg' };
    const change = (epoch: number): UserCommand => ({ type: 'ChangePassword', data: { passwordHash: another, epoch } });
    const then: UserEvent = { type: 'user.password-changed.v1', data: { passwordHash: another } };
    given(created).when(change(0)).then(then);
    given(created, changed).when(change(0)).thenRefuses('user.changed-meanwhile');
    given(created, changed).when(change(1)).then(then);
    given(created, changed, then).when(change(1)).thenNothing();
  });

  it('changes nothing of a history that lacks its beginning', () => {
    expect(given(changed, { type: 'user.updated.v1', data: { name: 'bob' } }).state).toEqual(user.initial);
  });
});

describe('revoking a token', () => {
  it('is recorded once', () => {
    given(created).when(revoke('t1')).then(revoked('t1'));
    given(created, revoked('t1')).when(revoke('t1')).thenNothing();
    given(created).when(revoke('constructor')).then(revoked('constructor'));
  });

  it('is remembered while it is one of the newest, whatever the clock says, or would not have ended anyway', () => {
    const expired = Array.from({ length: 300 }, (_, i) => revoked(`t${String(i)}`, 10));
    const history = [created, revoked('long', 100), ...expired];
    expect(Object.keys(given(...history.slice(0, 200), at(7_200, revoked('last'))).state.revokedTokens)).toContain(
      't0',
    );
    const kept = Object.keys(given(...history, at(20, revoked('last'))).state.revokedTokens);
    expect(kept).toEqual(expect.arrayContaining(['long', 't299', 'last']));
    expect(kept).not.toContain('t0');
    expect(kept.length).toBeLessThan(260);
  });

  it('need not be remembered when all tokens of the user end', () => {
    expect(given(created, revoked('t1'), changed).state.revokedTokens).toEqual({});
  });
});

describe('failed logins', () => {
  const rule: LockoutRule = { failureAttempts: 3, durationSeconds: 600 };
  const fail = (seconds: number): UserCommand => ({
    type: 'RecordFailedLogin',
    data: { ...rule, now: after(seconds) },
  });
  const failed = (count: number): UserEvent => ({ type: 'user.login-failed.v1', data: { count } });
  const forget: UserCommand = { type: 'ForgetFailedLogins', data: {} };
  const forgotten: UserEvent = { type: 'user.failed-logins-forgotten.v1', data: {} };
  const locked = [created, at(1, failed(1)), at(2, failed(2)), at(3, failed(3))] as const;
  const isLockedAt = (seconds: number, ...more: readonly UserEvent[]): boolean =>
    isLockedOut(given(...locked, ...more).state.failedLogins, rule, after(seconds));

  it('are counted until the user is locked out, and no longer', () => {
    given(created).when(fail(1)).then(failed(1));
    given(created, at(1, failed(1)))
      .when(fail(2))
      .then(failed(2));
    given(...locked)
      .when(fail(4))
      .thenNothing();
    given(...locked)
      .when(fail(602))
      .thenNothing();
  });

  it('lock out for a while after the last of them', () => {
    const twice = given(created, at(1, failed(1)), at(2, failed(2))).state.failedLogins;
    expect(isLockedOut(twice, rule, after(2))).toBe(false);
    expect([3, 602, 603].map((seconds) => isLockedAt(seconds))).toEqual([true, true, false]);
    given(...locked)
      .when(fail(603))
      .then(failed(1));
  });

  it('lock out no longer when the clock is set back', () => {
    expect(isLockedAt(0)).toBe(false);
    given(...locked)
      .when(fail(0))
      .then(failed(1));
  });

  it('are forgotten by the right password, and when an administrator enables the user', () => {
    given(created).when(forget).thenNothing();
    given(...locked)
      .when(forget)
      .then(forgotten);
    given(...locked)
      .when({ type: 'UpdateUser', data: { enabled: true } })
      .then(forgotten);
    expect(isLockedAt(4, forgotten)).toBe(false);
    given(...locked, forgotten)
      .when(fail(5))
      .then(failed(1));
  });
});
