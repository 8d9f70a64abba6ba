import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { HelperWatch } from './helper-watch';
import type { Helper } from './ports/host-network.port';
import { silentLog } from './ports/log.port';
import { eventually } from './testing/eventually';
import { temporaryFolder } from './testing/temporary-folder';
import { VirtualClock } from './testing/virtual-clock';

describe('HelperWatch', () => {
  it('tells what runs, and how often what had run was found dead', async () => {
    const { path, remove } = await temporaryFolder();
    const warned: unknown[] = [];
    const log = { ...silentLog, warn: (_: string, fields?: object) => void warned.push(fields) };
    let found: readonly Helper[] = [];
    const tended = [{ tend: () => Promise.resolve(found) }];
    const file = join(path, 'helpers.json');
    const watch = new HelperWatch({ tended, clock: new VirtualClock(), log, file });
    const seen = async (helpers: readonly Helper[]): Promise<unknown> => {
      found = helpers;
      await watch.look();
      return JSON.parse(await readFile(file, 'utf8'));
    };
    const dnsmasq = (pid: number | null): Helper => ({ name: 'dnsmasq of private', pid });
    expect(await seen([dnsmasq(null)])).toEqual([{ ...dnsmasq(null), deaths: 0 }]);
    expect(await seen([dnsmasq(7)])).toEqual([{ ...dnsmasq(7), deaths: 0 }]);
    expect(await seen([dnsmasq(null)])).toEqual([{ ...dnsmasq(null), deaths: 1 }]);
    expect(await seen([dnsmasq(8)])).toEqual([{ ...dnsmasq(8), deaths: 1 }]);
    expect(warned).toEqual([{ helper: 'dnsmasq of private' }]);
    expect(await seen([])).toEqual([]);
    expect(await seen([dnsmasq(null)])).toEqual([{ ...dnsmasq(null), deaths: 1 }]);
    await remove();
  });

  it('looks after the others, and tells of them, where one cannot be looked after', async () => {
    const { path, remove } = await temporaryFolder();
    const other: Helper = { name: 'virtlogd', pid: 9 };
    const tended = [{ tend: () => Promise.reject(new Error('busy')) }, { tend: () => Promise.resolve([other]) }];
    const file = join(path, 'helpers.json');
    const watch = new HelperWatch({ tended, clock: new VirtualClock(), log: silentLog, file });
    await expect(watch.look()).rejects.toThrow('busy');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual([{ ...other, deaths: 0 }]);
    await remove();
  });

  it('goes on looking when a look failed', async () => {
    const { path, remove } = await temporaryFolder();
    let looks = 0;
    const tend = (): Promise<readonly Helper[]> => {
      looks += 1;
      return looks === 1 ? Promise.reject(new Error('busy')) : Promise.resolve([]);
    };
    const watch = new HelperWatch({
      tended: [{ tend }],
      clock: new VirtualClock(),
      log: silentLog,
      file: join(path, 'helpers.json'),
    });
    watch.start();
    await eventually('a second look', () => (looks > 1 ? true : undefined));
    await watch.close();
    await remove();
  });
});
