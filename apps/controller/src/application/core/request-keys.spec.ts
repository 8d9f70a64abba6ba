import { DomainError } from '@cairn/domain';
import { MemoryEventStore } from '@cairn/event-store';
import fc from 'fast-check';
import { runs } from '../../../../../libs/projections/src/testing/fast-check';
import { commandHash, memoryKeyring } from '../../keyring';
import { systemRandom } from '../../random';
import { CommandExecutor } from '../../runtime/execute';
import { Snapshots } from '../../runtime/snapshots';
import { systemClock } from '../../runtime/system-clock';
import type { Caller } from './caller';
import { commandContext } from './command-context';
import { RequestKeys } from './request-keys';
import { principalOf } from './testing/fake-core';

const USERS = ['u1', 'u2'] as const;
const ACTIONS = ['create-server', 'create-user'] as const;

const caller = (user: string, key: string | undefined, asked: object): Omit<Caller, 'rights'> => ({
  requestId: 'req-1',
  api: 'test',
  clientAddress: null,
  deadline: '2099-01-01T00:00:00.000Z',
  repeatable: key === undefined ? undefined : { key, asked: () => asked },
  principal: principalOf(user, 'p1', 'member'),
});

describe('keys of requests', () => {
  const store = new MemoryEventStore();

  /** As each controller has them. */
  async function keysOf(count: number): Promise<readonly RequestKeys[]> {
    const keyring = await memoryKeyring(systemClock, systemRandom);
    return Array.from({ length: count }, () => {
      const snapshots = new Snapshots(store, () => undefined);
      const ports = { store, clock: systemClock, snapshots, commandHash: commandHash(keyring) };
      return new RequestKeys(new CommandExecutor(ports), keyring);
    });
  }

  const use = async (keys: RequestKeys | undefined, user: string, action: string, key: string, asked: object) => {
    try {
      await keys?.use(commandContext(caller(user, key, asked), action, systemRandom));
      return 'taken';
    } catch (error) {
      if (error instanceof DomainError) return error.code;
      throw error;
    }
  };

  it('stand for what each was first used for, at every controller, also when two come at once', async () => {
    const request = fc.record({
      at: fc.nat(1),
      user: fc.constantFrom(...USERS),
      action: fc.constantFrom(...ACTIONS),
      key: fc.constantFrom('k1', 'k2', '__proto__', 'k'.repeat(300), `${'k'.repeat(300)}2`),
      asked: fc.constantFrom<object>({ a: 1, b: [{}] }, { b: [{}], a: 1 }, { a: 1, b: [{ c: null }] }, { a: '1' }),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(request, { maxLength: 3 }), { maxLength: 12 }), async (rounds) => {
        const keys = await keysOf(2);
        const first = new Map<string, string>();
        run += 1;
        for (const round of rounds) {
          const answers = await Promise.all(
            round.map(({ at, user, action, key, asked }) => use(keys[at], user, action, `${String(run)}${key}`, asked)),
          );
          for (const [i, { user, action, key, asked }] of round.entries()) {
            const name = JSON.stringify([user, action, key]);
            const said = JSON.stringify(Object.entries(asked).sort());
            if (answers[i] === 'taken') first.set(name, first.get(name) ?? said);
          }
          for (const [i, { user, action, key, asked }] of round.entries()) {
            const same =
              first.get(JSON.stringify([user, action, key])) === JSON.stringify(Object.entries(asked).sort());
            expect(answers[i]).toBe(same ? 'taken' : 'request.key-reused');
          }
        }
      }),
      runs(100),
    );
  });

  it('are written down without what the request says, and not at all for requests without one', async () => {
    const [keys] = await keysOf(1);
    const before = store.all().length;
    await keys?.use(commandContext(caller('u1', undefined, {}), 'create-user', systemRandom));
    expect(store.all()).toHaveLength(before);
    await use(keys, 'u1', 'create-user', 'secret', { password: 'a-secret-password' });
    const [event] = store.all().slice(before);
    expect(event?.type).toBe('request.key-used.v1');
    expect(JSON.stringify([event?.data, event?.metadata])).not.toContain('a-secret-password');
  });
});
