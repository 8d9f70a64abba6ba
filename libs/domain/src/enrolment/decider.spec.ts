import { fold } from '../kernel/aggregate';
import type { Enrolment, EnrolmentCommand } from './decider';
import { enrolment } from './decider';

const at = '2026-11-26T12:00:00.000Z';
const later = '2026-11-26T12:30:00.000Z';
const context = (time = at) => ({ commandId: 'c1', at: time });
const issue = (enrolmentId: string, tokenHash = `hash of ${enrolmentId}`): EnrolmentCommand => ({
  type: 'IssueToken',
  data: { hostId: 'h1', name: 'beta', enrolmentId, tokenHash, expiresAt: '2026-11-26T12:15:00.000Z' },
});
const join = (tokenHash: string): EnrolmentCommand => ({ type: 'JoinHost', data: { tokenHash, certificate: 'cert' } });
const revoke: EnrolmentCommand = { type: 'RevokeHost', data: {} };

const after = (...commands: readonly EnrolmentCommand[]): Enrolment =>
  commands.reduce<Enrolment>(
    (state, command) =>
      fold(
        enrolment,
        enrolment.decide(command, state, context()).map((event) => [event, context()] as const),
        state,
      ),
    enrolment.initial,
  );

describe('enrolment', () => {
  it('lets a machine join once by a token', () => {
    expect(after(issue('e1'), join('hash of e1'))).toMatchObject({
      token: null,
      member: { enrolmentId: 'e1', certificate: 'cert' },
    });
    const joined = after(issue('e1'), join('hash of e1'));
    expect(() => enrolment.decide(join('hash of e1'), joined, context())).toThrow(/not known, was used, or is too old/);
  });

  it.each([
    ['that was never issued', after(), 'x', at],
    ['of another enrolment', after(issue('e1')), 'hash of e2', at],
    ['that was replaced by a newer one', after(issue('e1'), issue('e2')), 'hash of e1', at],
    ['that was taken back', after(issue('e1'), revoke), 'hash of e1', at],
    ['that is too old', after(issue('e1')), 'hash of e1', later],
  ])('refuses a token %s', (_what, state, tokenHash, time) => {
    expect(() => enrolment.decide(join(tokenHash), state, context(time))).toThrow(/not known, was used, or is too old/);
  });

  it('keeps a member until another machine joins in its place, or it is revoked', () => {
    expect(after(issue('e1'), join('hash of e1'), issue('e2')).member?.enrolmentId).toBe('e1');
    expect(after(issue('e1'), join('hash of e1'), issue('e2'), join('hash of e2')).member?.enrolmentId).toBe('e2');
    expect(after(issue('e1'), join('hash of e1'), revoke).member).toBeNull();
  });

  it('decides nothing for a repeat', () => {
    expect(enrolment.decide(issue('e1'), after(issue('e1')), context())).toEqual([]);
    expect(enrolment.decide(revoke, after(issue('e1'), revoke), context())).toEqual([]);
  });
});
