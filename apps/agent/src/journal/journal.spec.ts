import { appendFile, type FileHandle, open as openFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { SpaceReserve } from '@cairn/os';

import { imageOf, instanceIdOf, instanceOf } from '../testing/specs';
import { temporaryFolder } from '../testing/temporary-folder';

import { BatchFile, JournalDamaged } from './batch-file';
import { FileJournal } from './file-journal';
import type { Begun, Journal } from './journal';
import { journalContract } from './journal.contract';
import { MemoryJournal } from './memory-journal';

journalContract('MemoryJournal', () => {
  const journal = new MemoryJournal();
  return Promise.resolve({ journal, reopen: () => Promise.resolve(journal), close: () => journal.close() });
});

journalContract('FileJournal', async () => {
  const folder = await temporaryFolder();
  const open: Journal[] = [];
  const reopen = async (): Promise<Journal> => {
    const journal = await FileJournal.open(join(folder.path, 'journal'));
    open.push(journal);
    return journal;
  };
  const close = async (): Promise<void> => {
    for (const journal of open) await journal.close();
    await folder.remove();
  };
  return { journal: await reopen(), reopen, close };
});

describe('FileJournal', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;
  const opened: FileJournal[] = [];
  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, 'journal');
  });
  afterEach(async () => {
    for (const journal of opened.splice(0)) await journal.close();
    await folder.remove();
  });

  const open = async (): Promise<FileJournal> => {
    const journal = await FileJournal.open(path);
    opened.push(journal);
    return journal;
  };
  const begun = (n: number, over: Partial<Begun> = {}): Begun => {
    const resource = { category: 'instance', id: instanceIdOf(n) };
    const at = '2026-01-01T00:00:00.000Z';
    return {
      effectId: `e${String(n)}`,
      resource,
      generation: 1,
      at,
      images: [],
      before: null,
      ...over,
    };
  };

  it('drops the line that a crash tore, and goes on behind the last whole one', async () => {
    const journal = await open();
    await journal.begin(begun(1));
    const { size } = await stat(path);
    await journal.begin(begun(2));
    await truncate(path, size + 25);
    const next = await open();
    expect(await next.begun('e1')).toBeDefined();
    expect(await next.begun('e2')).toBeUndefined();
    await next.begin(begun(3));
    expect(await (await open()).begun('e3')).toBeDefined();
  });

  it('drops a last line whose bytes did not all reach the disk', async () => {
    await (await open()).begin(begun(1));
    await appendFile(path, `${'\0'.repeat(64)}\n`);
    const next = await open();
    expect(await next.begun('e1')).toBeDefined();
    await next.begin(begun(2));
    expect(await (await open()).begun('e2')).toBeDefined();
  });

  it('refuses to start on a file that is damaged in the middle', async () => {
    const journal = await open();
    await journal.begin(begun(1));
    await journal.begin(begun(2));
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"e1"', '"e9"'));
    await expect(FileJournal.open(path)).rejects.toThrow(JournalDamaged);
    await expect(FileJournal.open(path)).rejects.toThrow(/line 1 is damaged/);
  });

  /** The next write to any file takes 10 bytes and fails. */
  const failNextWrite = async (code: string): Promise<void> => {
    const handle = await openFile(path);
    const prototype = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    jest.spyOn(prototype, 'appendFile').mockImplementationOnce(async function (this: FileHandle, data) {
      await this.write((data as Buffer).subarray(0, 10));
      throw Object.assign(new Error(code), { code });
    });
  };

  it('spends its reserve on what a full disk took half of, then takes the half back, and goes on when there is room', async () => {
    const reserve = new SpaceReserve(folder.path, { mostBytes: 128 * 1024, stepBytes: 64 * 1024 });
    await reserve.fill();
    const file = await BatchFile.open<number>(path, () => undefined, reserve);
    const spent: number[] = [];
    for (const entry of [1, 2]) {
      await failNextWrite('ENOSPC');
      await file.append(entry);
      spent.push(reserve.bytes);
    }
    expect(spent).toEqual([64 * 1024, 0]);
    await failNextWrite('ENOSPC');
    await expect(file.append(3)).rejects.toThrow('ENOSPC');
    await file.append(4);
    await file.close();
    const kept: number[] = [];
    await (await BatchFile.open<number>(path, (entry) => kept.push(entry))).close();
    expect(kept).toEqual([1, 2, 4]);
  });

  it('takes nothing more after a write with an unknown result', async () => {
    const journal = await open();
    await failNextWrite('EIO');
    await expect(journal.begin(begun(1))).rejects.toThrow(/cannot be written any more; restart the agent/);
    await expect(journal.begin(begun(2))).rejects.toThrow(/cannot be written any more/);
    expect(await (await open()).begun('e1')).toBeUndefined();
  });

  it('rewrites its file when most entries are useless, and answers the same after that', async () => {
    const journal = await open();
    await journal.begin(begun(1));
    const gone = Array.from({ length: 2500 }, (_, i) => begun(2, { effectId: `x${String(i)}`, images: null }));
    await Promise.all(gone.map((entry) => journal.begin(entry)));
    const before = await stat(path);
    const during = journal.prune('2026-06-01T00:00:00.000Z');
    await Promise.all([during, journal.begin(begun(3))]);
    expect((await stat(path)).size).toBeLessThan(before.size / 100);
    await journal.begin(begun(4));
    const next = await open();
    for (const id of ['e1', 'e3', 'e4']) expect(await next.begun(id)).toBeDefined();
    expect(await next.present()).toHaveLength(3);
    expect(await next.begun('x7')).toBeUndefined();
  });

  describe('that 0.1 wrote', () => {
    const { instanceId } = instanceOf(1);
    const resource = { category: 'instance', id: instanceId };
    const at = '2026-11-22T12:00:00.000Z';
    const [effectId, generation, bootId] = ['e1', 2, 'b1'];
    const facts = { power: 'running', timings: {} };
    const data = { effectId, instanceId, generation, bootId, facts };
    const spec = instanceOf(1, { kernel: imageOf({ sha256: 'b'.repeat(64) }) });
    const lines = [
      [
        { kind: 'begun', begun: { effectId, instanceId, generation, at, spec, incarnation: 'pid 7' } },
        {
          kind: 'settled',
          outcome: {
            ...{ effectId, instanceId, generation, at, correlationId: 'c' },
            event: { type: 'agent.job-succeeded.v1', data },
          },
        },
      ],
      [
        { kind: 'instance', instanceId: instanceIdOf(2), instance: { generation: 5, at, spec: null } },
        { kind: 'instance', instanceId: instanceIdOf(3), instance: { generation: 1, at, spec: instanceOf(3) } },
      ],
    ];

    it('gives the same answers, also after it was rewritten', async () => {
      const written = await BatchFile.open<unknown>(path, () => undefined);
      for (const line of lines) await Promise.all(line.map((entry) => written.append(entry)));
      await written.close();
      const journal = await open();
      const check = async (from: Journal): Promise<void> => {
        const hashes = [spec.image.sha256, spec.kernel?.sha256];
        expect(await from.begun('e1')).toEqual({ effectId, resource, generation, at, images: hashes, before: 'pid 7' });
        const event = { type: 'agent.job-succeeded.v2', data: { effectId, resource, generation, bootId, facts } };
        expect(await from.outcome('e1')).toEqual({ effectId, resource, generation, at, correlationId: 'c', event });
        expect(await from.generation({ category: 'instance', id: instanceIdOf(2) })).toBe(5);
        expect((await from.present()).map(({ resource: { id } }) => id)).toEqual([instanceId, instanceIdOf(3)]);
      };
      await check(journal);
      const gone = Array.from({ length: 2500 }, (_, i) => begun(9, { effectId: `x${String(i)}`, images: null }));
      await Promise.all(gone.map((entry) => journal.begin(entry)));
      await journal.prune('2026-11-22T13:00:00.000Z');
      await check(await open());
    });
  });

  it('is for its owner only', async () => {
    await open();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});
