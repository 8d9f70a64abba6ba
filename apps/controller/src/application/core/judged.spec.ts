import { streamRef } from '@cairn/domain';

import type { Executor } from '../../runtime/ports';
import { judged } from './judged';

const IMAGE = streamRef('image', '1a4e0000-0000-4000-8000-00000000d15c');

/** An executor that knows one state, while the log has another. */
function executorOf(known: string, inLog: string) {
  let read = 0;
  const executor = {
    state: () => Promise.resolve({ status: known }),
    latest: () => {
      read += 1;
      return Promise.resolve({ status: inLog });
    },
  } as unknown as Pick<Executor, 'state' | 'latest'>;
  return { executor, read: (): number => read };
}

describe('what is made of a state before a command', () => {
  const unlessDeleted = ({ status }: { readonly status: string }): string => {
    if (status === 'deleted') throw new Error('deleted');
    return status;
  };

  it('is made of the one that this process knows, without a look at the log', async () => {
    const { executor, read } = executorOf('saving', 'active');
    expect([await judged(executor, IMAGE, unlessDeleted), read()]).toEqual(['saving', 0]);
  });

  it('is a refusal only by the newest', async () => {
    const { executor } = executorOf('deleted', 'active');
    expect(await judged(executor, IMAGE, unlessDeleted)).toBe('active');
    await expect(
      judged(executorOf('active', 'active').executor, IMAGE, () => unlessDeleted({ status: 'deleted' })),
    ).rejects.toThrow('deleted');
  });
});
