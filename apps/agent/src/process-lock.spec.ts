import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { LockTaken, ProcessLock } from './process-lock';
import { temporaryFolder } from './testing/temporary-folder';

describe('ProcessLock', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, 'agent.lock');
  });
  afterEach(() => folder.remove());

  it('is held by one process, and free again after it', async () => {
    const lock = await ProcessLock.take(path);
    await expect(ProcessLock.take(path)).rejects.toThrow(LockTaken);
    await lock.release();
    await (await ProcessLock.take(path)).release();
  });

  it.each(['999999999 1\n', `${String(process.pid)} 1\n`, 'rubbish', ''])(
    'is not held by who is gone: %j',
    async (left) => {
      await writeFile(path, left);
      await (await ProcessLock.take(path)).release();
    },
  );
});
