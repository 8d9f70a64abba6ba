import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Port } from '../../ports/host-network.port';
import { silentLog } from '../../ports/log.port';
import { instanceIdOf, networkOf, nicOf } from '../../testing/specs';
import { temporaryFolder } from '../../testing/temporary-folder';

import { PortStore } from './port-store';

const portOf = (n: number, m: number): Port => ({
  instanceId: instanceIdOf(n),
  hostname: `vm-${String(n)}`,
  index: 0,
  nic: nicOf(n, networkOf(m)),
});

describe('the store of ports', () => {
  let folder: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ path: folder, remove } = await temporaryFolder());
  });
  afterEach(() => remove());

  it('says the same as the store of the next process, in the same order, after each change', async () => {
    const store = new PortStore(folder);
    const agrees = async (): Promise<void> => {
      const next = new PortStore(folder);
      expect(await store.networks()).toEqual(await next.networks());
      expect(await store.ports()).toEqual(await next.ports());
    };
    await agrees();
    for (const [n, m] of [
      [3, 2],
      [1, 1],
      [2, 1],
    ] as const) {
      await store.save(portOf(n, m));
      await agrees();
    }
    await store.save({ ...portOf(1, 1), nic: nicOf(1, { ...networkOf(1), dns: ['192.0.2.53'] }) });
    await agrees();
    await store.forget(portOf(3, 2));
    await agrees();
    expect((await store.networks()).map(({ ports }) => ports.length)).toEqual([2, 0]);
    await store.forgetNetwork(networkOf(2).networkId);
    await agrees();
    expect(await store.networks()).toHaveLength(1);
  });

  it('puts a damaged file aside, tells the log, and takes what it said for not there', async () => {
    const store = new PortStore(folder);
    for (const n of [1, 2]) await store.save(portOf(n, n));
    const [damaged = ''] = await readdir(join(folder, 'ports'));
    await writeFile(join(folder, 'ports', damaged), '{"half":');
    const told: unknown[] = [];
    const next = new PortStore(folder, { ...silentLog, error: (_message, fields) => void told.push(fields) });
    expect(await next.ports()).toHaveLength(1);
    const path = join(folder, 'ports', damaged);
    expect(told).toMatchObject([{ path, aside: `${path}.damaged` }]);
    await next.save(portOf(1, 1));
    expect(await new PortStore(folder).ports()).toHaveLength(2);
    expect(await readdir(join(folder, 'ports'))).toContain(`${damaged}.damaged`);
  });

  it('reads the files again after a change that failed half-way', async () => {
    const store = new PortStore(folder);
    await store.save(portOf(1, 1));
    await rm(join(folder, 'ports'), { recursive: true });
    await writeFile(join(folder, 'ports'), ''); // no folder: the network is written, the port cannot be
    await expect(store.save(portOf(2, 2))).rejects.toThrow(/ENOTDIR|EEXIST/);
    await rm(join(folder, 'ports'));
    expect(await store.ports()).toEqual([]);
    expect((await store.networks()).map(({ spec }) => spec)).toEqual([networkOf(1), networkOf(2)]);
    expect(await readdir(join(folder, 'networks'))).toHaveLength(2);
  });
});
