import { HOST_OPERATIONS } from '@cairn/domain';
import { BUILT_IN_RULES } from '../../../../policy';
import { HttpProblem } from '../../../http';
import { ACTION_WORDS, serverAction, type ServerActionRequest } from './server-action';

/** What an action takes, where null is not enough. */
const ARGUMENTS: Readonly<Record<string, object>> = {
  reboot: { type: 'HARD' },
  'os-resetState': { state: 'active' },
  'os-migrateLive': {},
  evacuate: {},
};

const ASKER = { rights: { may: () => false }, minor: 73 };

/** The request behind a word; undefined for an action that Cairn does not have yet, or that nova has no more. */
function requestOf(word: string): ServerActionRequest | undefined {
  try {
    return serverAction({ [word]: ARGUMENTS[word] ?? null }, ASKER);
  } catch (error) {
    if (error instanceof HttpProblem && [404, 410, 501].includes(error.getStatus())) return undefined;
    throw error;
  }
}

const SERVED = ACTION_WORDS.flatMap((word) => {
  const request = requestOf(word);
  return request === undefined ? [] : [{ word, request }];
});

describe('an action on a server', () => {
  it.each(SERVED)('$word names a built-in policy rule', ({ request }) => {
    expect(Object.keys(BUILT_IN_RULES)).toContain(request.rule);
  });

  it('that nova has removed is gone in the words of its routes', () => {
    const words = 'This resource is no longer available.  No forwarding address is given.';
    expect(() => serverAction({ resetNetwork: null }, ASKER)).toThrow(words);
  });

  it.each([true, false])('overrides an administrator’s lock where the policy lets it: %s', (override) => {
    const asked: string[] = [];
    const may = (rule: string): boolean => asked.push(rule) > 0 && override;
    expect(serverAction({ unlock: null }, { ...ASKER, rights: { may } })).toMatchObject({
      operation: { name: 'unlock', input: { override } },
    });
    expect(asked).toEqual(['os_compute_api:os-lock-server:unlock:unlock_override']);
  });

  it('locks for a reason from 2.73 on', () => {
    const locked = (value: unknown, minor: number): object => serverAction({ lock: value }, { ...ASKER, minor });
    const request = (input: object): object => ({ operation: { name: 'lock', input } });
    expect(locked({ locked_reason: 'audit' }, 72)).toMatchObject(request({}));
    expect(locked({ locked_reason: 'audit' }, 73)).toMatchObject(request({ reason: 'audit' }));
    for (const wrong of [{ locked_reason: '' }, { locked_reason: 1 }, { other: 'x' }, 'x', []])
      expect(() => locked(wrong, 73)).toThrow(HttpProblem);
  });

  // DELETE decides between a deletion at once and a soft one; the actions for interfaces end with 2.43
  const elsewhere = ['soft-delete', 'attachInterface', 'detachInterface'];
  const byAction = HOST_OPERATIONS.filter(({ origin, name }) => origin === 'tenant' && !elsewhere.includes(name));
  it.each(byAction)('asks for $name', ({ name }) => {
    const asked = SERVED.flatMap(({ request }) =>
      request.kind === 'operation' ? [request.operation.name] : request.kind === 'command' ? [request.name] : [],
    );
    expect(asked).toContain(name);
  });
});
