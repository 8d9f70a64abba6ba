import type { Context } from '../kernel/aggregate';
import { later } from '../kernel/time';
import { specOf } from '../testing/given';
import { console as consoles, type ConsoleCommand, type ConsoleEvent, grantOf, MOST_TOKENS } from './index';

const NOW = '2026-12-01T12:00:00.000Z';
const given = specOf(consoles);
const grant = (tokenHash: string, expiresAt = later(NOW, 600_000)) => ({
  tokenHash,
  kind: 'vnc' as const,
  hostId: 'h1',
  holder: { userId: 'u1', projectId: 'p1', tokenId: 't1', userEpoch: 1, projectEpoch: 1 },
  expiresAt,
});
const authorize = (tokenHash: string): ConsoleCommand => ({ type: 'AuthorizeConsole', data: grant(tokenHash) });
const authorized = (tokenHash: string, expiresAt?: string): ConsoleEvent => ({
  type: 'console.authorized.v1',
  data: grant(tokenHash, expiresAt),
});
const open = (tokenHash: string, connectionId = 'c1'): ConsoleCommand => ({
  type: 'OpenConsole',
  data: { tokenHash, connectionId },
});
const opened: ConsoleEvent = {
  type: 'console.opened.v1',
  data: { tokenHash: 'a', connectionId: 'c1', kind: 'vnc', hostId: 'h1' },
};
const close: ConsoleCommand = { type: 'CloseConsole', data: { connectionId: 'c1', reason: 'client' } };
const closed: ConsoleEvent = { type: 'console.closed.v1', data: { connectionId: 'c1', reason: 'client' } };
const at = (moment: string): Context => ({ commandId: 'x', at: moment });

describe('the token of a console', () => {
  it('is known once, and opens it as often as it is shown', () => {
    given().when(authorize('a')).then(authorized('a'));
    given(authorized('a')).when(authorize('a')).thenNothing();
    given(authorized('a')).when(open('a')).then(opened);
    given(authorized('a'), opened).when(open('a')).thenNothing();
    given().when(open('a')).thenRefuses('console.bad-token');
    given(authorized('b')).when(open('a')).thenRefuses('console.bad-token');
  });

  it('counts until it expires, and not longer', () => {
    const state = consoles.evolve(consoles.initial, authorized('a', later(NOW, 1_000)), at(NOW));
    expect(grantOf(state, 'a', later(NOW, 1_000))).toBeDefined();
    expect(grantOf(state, 'a', later(NOW, 1_001))).toBeUndefined();
    expect(() => consoles.decide(open('a'), state, at(later(NOW, 1_001)))).toThrow('counts no more');
  });

  it('is forgotten when it has expired, or when too many others came', () => {
    const first = consoles.evolve(consoles.initial, authorized('old', later(NOW, 1_000)), at(NOW));
    expect(consoles.evolve(first, authorized('b'), at(later(NOW, 2_000))).grants).toHaveLength(1);
    let state = first;
    for (let i = 0; i < MOST_TOKENS; i += 1) state = consoles.evolve(state, authorized(`t${String(i)}`), at(NOW));
    expect(state.grants).toHaveLength(MOST_TOKENS);
    expect(grantOf(state, 'old', NOW)).toBeUndefined();
  });
});

describe('the connection to a console', () => {
  it('ends once', () => {
    given(authorized('a'), opened).when(close).then(closed);
    given(authorized('a'), opened, closed).when(close).thenNothing();
    given().when(close).thenNothing();
  });
});
