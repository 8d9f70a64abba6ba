import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createWhole, isNoSpace, makeWhole, NoRoom, notice, putAside, requireRoom, writeWhole } from './index';

const folder = mkdtempSync(join(tmpdir(), 'cairn-os-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const at = (name: string): string => join(folder, name);
const coded = (code: string, more: object = {}): Error => Object.assign(new Error(code), { code, ...more });

describe('no space', () => {
  it.each([
    ['a full disk', coded('ENOSPC')],
    ['a quota', coded('EDQUOT')],
    ['a limit on the size of files', coded('EFBIG')],
    ['a full database', coded('SQLITE_FULL')],
    ['a full database, in TypeORM words', Object.assign(new Error('q'), { driverError: coded('SQLITE_FULL') })],
    ['what is left to others', new NoRoom('/')],
    ['a cause of it', new Error('a', { cause: new Error('b', { cause: coded('ENOSPC') }) })],
  ])('is the meaning of %s', (_what, error) => {
    expect(isNoSpace(error)).toBe(true);
  });

  it.each([[coded('EIO')], [undefined], [null], ['ENOSPC'], [new Error('ENOSPC')]])('is not that of %p', (error) => {
    expect(isNoSpace(error)).toBe(false);
  });

  it('is not looked for without end', () => {
    const endless = new Error('round');
    endless.cause = endless;
    expect(isNoSpace(endless)).toBe(false);
  });
});

describe('a file that is written whole', () => {
  it('has its content and mode, and leaves no draft', async () => {
    mkdirSync(at('whole'), { recursive: true });
    await writeWhole(at('whole/file'), 'one', 0o644);
    await writeWhole(at('whole/file'), 'two', 0o640);
    expect(readFileSync(at('whole/file'), 'utf8')).toBe('two');
    expect(statSync(at('whole/file')).mode & 0o777).toBe(0o640);
    expect(readdirSync(at('whole'))).toEqual(['file']);
    rmSync(at('whole'), { recursive: true });
  });

  it('is what it was where the new content cannot be written', async () => {
    writeFileSync(at('kept'), 'old');
    mkdirSync(at('kept.new')); // in the place of the draft
    await expect(writeWhole(at('kept'), 'new')).rejects.toThrow();
    expect(readFileSync(at('kept'), 'utf8')).toBe('old');
  });

  it('is not there, nor its draft, where making it fails', async () => {
    mkdirSync(at('made'));
    const half = async (draft: string): Promise<void> => {
      await writeWhole(draft, 'half');
      throw new Error('cut off');
    };
    await expect(makeWhole(at('made/file'), half)).rejects.toThrow('cut off');
    expect(readdirSync(at('made'))).toEqual([]);
  });

  it('is created by one of those who do so at once', async () => {
    mkdirSync(at('created'));
    const texts = ['a', 'b', 'c', 'd'];
    const made = await Promise.all(texts.map((text) => createWhole(at('created/file'), text)));
    const [winner] = texts.filter((_, n) => made[n]);
    expect([made.filter(Boolean).length, readFileSync(at('created/file'), 'utf8')]).toEqual([1, winner]);
    expect(readdirSync(at('created'))).toEqual(['file']);
  });
});

it('bulk data may not take the last part of a disk', async () => {
  await requireRoom(folder, 1);
  await expect(requireRoom(folder, Number.MAX_SAFE_INTEGER)).rejects.toThrow(NoRoom);
});

it('what is damaged is put aside with its companions, in the place of what was before', async () => {
  writeFileSync(at('db'), '1');
  writeFileSync(at('db-wal'), 'w');
  await putAside(at('db'), ['-wal', '-shm']);
  writeFileSync(at('db'), '2');
  expect(await putAside(at('db'), ['-wal', '-shm'])).toBe(at('db.damaged'));
  expect(readFileSync(at('db.damaged'), 'utf8')).toBe('2');
  expect(readdirSync(folder).filter((name) => name.startsWith('db'))).toEqual(['db.damaged']);
});

it('a notice is a line, and no error where it cannot be written', () => {
  notice('one\nline', at('notices'));
  notice('another', at('notices'));
  expect(readFileSync(at('notices'), 'utf8')).toMatch(/^\S+Z one line\n\S+Z another\n$/);
  notice('lost', at('missing/notices'));
  notice('nobody asked', undefined);
});
