import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpaceReserve } from './space-reserve';

const MIB = 1024 * 1024;

describe('the space that is kept for the log', () => {
  const directory = mkdtempSync(join(tmpdir(), 'cairn-reserve-'));
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('is given up bit by bit, and filled again some time later', async () => {
    let now = 0;
    const reserve = new SpaceReserve(directory, { now: () => now });
    expect(reserve.spend()).toBe(false);
    await reserve.fill();
    expect(reserve.bytes).toBe(8 * MIB);
    let steps = 0;
    while (reserve.spend()) steps += 1;
    expect([steps, reserve.bytes]).toEqual([8, 0]);
    await reserve.fill();
    expect(reserve.bytes).toBe(0);
    now += 10_000;
    await reserve.fill();
    expect(reserve.bytes).toBe(8 * MIB);
  });

  it('never fails, also where there is no directory', async () => {
    const nowhere = new SpaceReserve(join(directory, 'missing'));
    await nowhere.fill();
    expect([nowhere.bytes, nowhere.spend()]).toEqual([0, false]);
  });
});
