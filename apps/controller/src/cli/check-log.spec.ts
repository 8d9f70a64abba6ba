import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryEventStore, nameLog, nameOf } from '@cairn/event-store';
import { checkName } from './check-log';
import { logLines } from './log-lines';
import { ChainVerifier } from './verify';

describe("which log is the cloud's", () => {
  let folder: string;
  const file = (): string => join(folder, 'store-name');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cairn-log-name-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is settled by the first start, which names the log, with a hash chain like every stream', async () => {
    const log = new MemoryEventStore();
    await checkName(log, file());
    const name = await nameOf(log);
    expect(name).toMatch(/^[0-9a-f-]{36}$/);
    expect(readFileSync(file(), 'utf8')).toBe(`${name ?? ''} ${name ?? ''}\n`);
    await checkName(log, file());
    expect(log.all()).toHaveLength(1);
    const verifier = new ChainVerifier();
    for (const event of log.all()) verifier.check(event);
    expect([verifier.checked, verifier.broken]).toEqual([1, []]);
  });

  it('is taken from a log that has a name already', async () => {
    const log = new MemoryEventStore();
    await nameLog(log, 'their-name');
    await checkName(log, file());
    expect(readFileSync(file(), 'utf8')).toMatch(/^their-name /);
  });

  it('is not an empty one, nor another: both names are said', async () => {
    await nameLog(new MemoryEventStore(), 'x');
    const mine = new MemoryEventStore();
    await nameLog(mine, 'mine');
    await checkName(mine, file());
    const other = new MemoryEventStore();
    await expect(checkName(other, file())).rejects.toThrow(/log is mine, and there is an empty log/);
    expect(other.all()).toEqual([]);
    await nameLog(other, 'theirs');
    await expect(checkName(other, file())).rejects.toThrow(/log is mine, and there is the log theirs/);
    expect(readFileSync(file(), 'utf8')).toMatch(/^mine /);
  });

  it('is also an older copy of an embedded log from before it had a name, which it gets', async () => {
    const [log, copy] = [new MemoryEventStore(), new MemoryEventStore()];
    [log.named, copy.named] = ['store-1/1', 'store-1/2'];
    await nameLog(log, 'mine');
    await checkName(log, file());
    await checkName(copy, file());
    expect(await nameOf(copy)).toBe('mine');
    const another = new MemoryEventStore();
    another.named = 'store-2/1';
    await expect(checkName(another, file())).rejects.toThrow(/this cloud's log is mine/);
  });
});

describe('what status says of the server', () => {
  const node = (address: string, state: string, behind: number | undefined, isAlive = true) => ({
    address,
    state,
    isAlive,
    version: '24.10.4',
    behind,
  });

  it('names leader, followers with their lag, and those that are lost', () => {
    const cluster = [node('b', 'Follower', 1024), node('a', 'Leader', 0), node('c', 'Follower', 0)];
    expect(logLines(cluster)).toEqual({
      lines: ['EventStoreDB 24.10.4, leader a', 'follower b, 1,024 bytes behind', 'follower c, level'],
      isWell: true,
    });
    const lost = [node('a', 'Leader', 0), node('c', 'Follower', 7, false)];
    expect(logLines(lost)).toEqual({ lines: ['EventStoreDB 24.10.4, leader a', 'lost c'], isWell: false });
  });

  it('says that there is no leader', () => {
    expect(logLines([node('a', 'Unknown', undefined)])).toEqual({
      lines: ['EventStoreDB 24.10.4 has no leader: nothing can be written', 'unknown a'],
      isWell: false,
    });
  });
});
