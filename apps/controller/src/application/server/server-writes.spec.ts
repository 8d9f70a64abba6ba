import { ReadYourWrites } from '../core';
import { fakeCore } from '../core/testing/fake-core';
import type { Executed } from '../../runtime/ports';
import { ServerWrites } from './server-writes';

const at = (position: bigint): Executed => ({ position, answer: undefined, events: [] });

describe('ServerWrites', () => {
  /** A read model that has come so far and no further. */
  function readModelAt(position: bigint): { readonly writes: ServerWrites; readonly reach: (next: bigint) => void } {
    const state = { position };
    const readModel = Object.create(fakeCore().readModel, {
      position: { get: () => state.position },
      waitFor: { value: (wanted: bigint) => Promise.resolve(wanted <= state.position) },
    }) as ReturnType<typeof fakeCore>['readModel'];
    return {
      writes: new ServerWrites(new ReadYourWrites(readModel), readModel),
      reach: (next) => {
        state.position = next;
      },
    };
  }

  it('knows of nothing that the read model shows already', async () => {
    const { writes } = readModelAt(10n);
    await writes.settled([['a', at(10n)]]);
    expect(writes.isAhead('a')).toBe(false);
  });

  it('remembers what was acknowledged until the read model shows it', async () => {
    const { writes, reach } = readModelAt(10n);
    await writes.settled([
      ['a', at(11n)],
      ['b', at(12n)],
    ]);
    expect([writes.isAhead('a'), writes.isAhead('b'), writes.isAhead('c')]).toEqual([true, true, false]);
    reach(11n);
    expect([writes.isAhead('a'), writes.isAhead('b')]).toEqual([false, true]);
  });
});
