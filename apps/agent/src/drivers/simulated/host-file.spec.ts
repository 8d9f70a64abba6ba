import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { eventually } from '../../testing/eventually';
import { instanceIdOf, instanceOf } from '../../testing/specs';
import { temporaryFolder } from '../../testing/temporary-folder';

import { SimulatedHostFile } from './host-file';

describe('SimulatedHostFile', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, 'machine.json');
  });
  afterEach(() => folder.remove());
  const open = (): Promise<SimulatedHostFile> =>
    SimulatedHostFile.open(path, (error) => {
      throw error;
    });

  it('is an empty machine at first, and the same machine in the next process', async () => {
    const file = await open();
    expect(file.host.domains.size).toBe(0);
    file.host.define(instanceOf(1));
    await file.flush();
    expect((await open()).host.toJSON()).toEqual(file.host.toJSON());
  });

  it('saves by itself soon after a change', async () => {
    const file = await open();
    file.host.define(instanceOf(1));
    await eventually('the machine is saved', async () =>
      (await readFile(path, 'utf8')).includes(instanceIdOf(1)) ? true : undefined,
    );
    file.host.undefine(instanceIdOf(1));
    await eventually('the change is saved', async () =>
      (await readFile(path, 'utf8')).includes(instanceIdOf(1)) ? undefined : true,
    );
  });

  it('says which file is broken', async () => {
    await writeFile(path, '{');
    await expect(open()).rejects.toThrow(`${path} cannot be read`);
  });
});
