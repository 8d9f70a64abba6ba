import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Cloud, eventually } from '../e2e/cloud';
import { whyNoServer } from '../postgres/server';
import { describeWhere, itWhere } from '../support/describe-where';

import { Unit, writeUnits } from './units';

const FIRST_PORT = 23_900;
const analyze = spawnSync('systemd-analyze', ['--version']).error === undefined;

describe('the units for systemd', () => {
  itWhere(analyze ? null : 'systemd-analyze is not installed', 'are as systemd wants them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cairn-units-'));
    const state = join(folder, 'state');
    mkdirSync(state);
    writeFileSync(join(state, 'database'), 'postgres\n');
    try {
      writeUnits(folder, { CAIRN_STATE: state });
      const names = readdirSync(folder).filter((name) => name.startsWith('cairn'));
      expect(names).toHaveLength(6);
      const checked = spawnSync('systemd-analyze', ['verify', ...names.map((name) => join(folder, name))], {
        encoding: 'utf8',
      });
      expect(`${checked.stdout}${checked.stderr}`.split('\n').filter((line) => line.includes('cairn'))).toEqual([]);
      expect(checked.status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describeWhere(whyNoServer(), 'what runs by its unit and cannot start with its files', () => {
  const settings = { CAIRN_DATABASE: 'postgres' };
  const cloud = new Cloud({
    firstPort: FIRST_PORT,
    simulated: 1,
    cidr: '10.213.39.0/24',
    bridge: 'brcrash9',
    settings,
  });
  const state = (...path: readonly string[]): string => join(cloud.state, ...path);
  beforeAll(async () => {
    await cloud.up();
    await cloud.down();
    writeUnits(cloud.state, { ...settings, CAIRN_STATE: cloud.state, CAIRN_REDIS_PORT: String(FIRST_PORT + 5) });
  });
  afterAll(() => cloud.destroy());

  /** Bytes that nobody wrote, in the place of a file's. */
  const damage = (file: string): void => {
    writeFileSync(file, Buffer.alloc(Math.max(8_192, statSync(file).size), 0xa5));
  };
  const log = (name: string): string => readFileSync(state('log', `${name}.log`), 'utf8');

  it.each([
    ['redis', () => state('redis/appendonlydir', readdirSync(state('redis/appendonlydir'))[0] ?? '')],
    ['postgres', () => state('postgres/data/global/pg_control')],
  ])('is started without them, which are put aside once: %s', async (name, file) => {
    const unit = new Unit(cloud.state, name);
    damage(file());
    unit.start();
    expect(await unit.ended()).toMatch(/^[1-9]\d?$/);
    expect(existsSync(state(`${name}.damaged`))).toBe(true);
    expect(readFileSync(state('run', `${name}.notices`), 'utf8')).toMatch(/could not start with its files/);
    const before = log(name).length;
    unit.start();
    await eventually(
      () => Promise.resolve(log(name).slice(before)),
      (said) => /ready to accept connections/i.test(said),
    );
    await unit.stop();
    expect(existsSync(state(name))).toBe(true); // it had been ready
  });

  it('leaves them where others were put aside before and it was never ready since', async () => {
    const unit = new Unit(cloud.state, 'redis');
    const config = readFileSync(state('redis.conf'), 'utf8');
    writeFileSync(state('redis.conf'), `${config}no-such-setting yes\n`);
    for (const isThere of [false, true]) {
      unit.start();
      expect(await unit.ended()).toBe('1');
      expect(existsSync(state('redis'))).toBe(isThere);
    }
    writeFileSync(state('redis.conf'), config);
  });
});
