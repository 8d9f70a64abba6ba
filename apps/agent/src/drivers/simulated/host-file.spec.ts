import fs from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { instanceIdOf, instanceOf } from '../../testing/specs';
import { temporaryFolder } from '../../testing/temporary-folder';

import { readMachine, SimulatedHostFile } from './host-file';
import type { SimulatedHost } from './simulated-host';

const real = fs.writeSync;

describe('SimulatedHostFile', () => {
  const opened = new Set<SimulatedHostFile>();
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, 'machine.jsonl');
  });
  afterEach(async () => {
    for (const file of opened) file.close();
    opened.clear();
    await folder.remove();
  });
  const openFile = async (): Promise<{ readonly host: SimulatedHost; readonly close: () => void }> => {
    const file = await SimulatedHostFile.open(path);
    opened.add(file);
    const close = (): void => {
      opened.delete(file);
      file.close();
    };
    return { host: file.host, close };
  };

  it('is an empty machine at first, and the same machine in the next process', async () => {
    const { host, close } = await openFile();
    expect(host.domains.size).toBe(0);
    host.define(instanceOf(1));
    close();
    expect((await openFile()).host.toJSON()).toEqual(host.toJSON());
  });

  it('holds each change as soon as it is made: a kill of the process loses none', async () => {
    const { host } = await openFile();
    host.define(instanceOf(1));
    host.define(instanceOf(2));
    expect((await readMachine(path)).toJSON()).toEqual(host.toJSON());
    host.undefine(instanceIdOf(1));
    expect([...(await readMachine(path)).domains.keys()]).toEqual([instanceIdOf(2)]);
  });

  it('forgets a line that a kill cut off, and writes whole lines behind it', async () => {
    const { host } = await openFile();
    host.define(instanceOf(1));
    await appendFile(path, '{"table":"domains","key":"cut');
    const next = await openFile();
    expect(next.host.toJSON()).toEqual(host.toJSON());
    next.host.define(instanceOf(2));
    expect([...(await readMachine(path)).domains.keys()]).toEqual([instanceIdOf(1), instanceIdOf(2)]);
  });

  it('holds a change whole or not at all, and the machine has not changed where it cannot be held', async () => {
    const { host } = await openFile();
    host.define(instanceOf(1));
    jest.spyOn(fs, 'writeSync').mockImplementationOnce((file, line) => {
      real(file, (line as unknown as Buffer).subarray(0, 9));
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    });
    expect(() => {
      host.define(instanceOf(2));
    }).toThrow('full');
    expect(host.domains.size).toBe(1);
    host.define(instanceOf(3));
    expect((await readMachine(path)).toJSON()).toEqual(host.toJSON());
  });

  it('says which file is broken', async () => {
    await writeFile(path, '{\n');
    await expect(SimulatedHostFile.open(path)).rejects.toThrow(`${path} cannot be read`);
  });
});
