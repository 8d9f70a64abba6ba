import { TemporaryLog, append, proposed, storedEvents, written } from '../testing/temporary-log';
import type { DeleteCommand, WriteOutcome } from './commands';
import { TOMBSTONE_REVISION } from './events';
import type { EventLog } from './event-log';
import { firstVisible, isSoftDeleted } from './heads';

const remove = (
  kind: DeleteCommand['kind'],
  stream: string,
  expected: DeleteCommand['expected'] = 'any',
): DeleteCommand => ({
  kind,
  stream,
  expected,
  deadlineMs: Infinity,
});

const metadata = (document: object): ReturnType<typeof proposed> => proposed(document, { type: '$metadata' });

describe('deletion and retention', () => {
  const temporary = new TemporaryLog();
  let log: EventLog;

  beforeAll(() => {
    log = temporary.open();
  });
  afterAll(() => {
    temporary.remove();
  });

  async function three(stream: string): Promise<void> {
    await written(log, append(stream, 'no-stream', proposed(0), proposed(1), proposed(2)));
  }

  function metadataOf(stream: string): unknown {
    return JSON.parse(storedEvents(log, `$$${stream}`).at(-1)?.data.toString() ?? 'null');
  }

  /** The same before and after the heads are read again from the file. */
  async function alsoAfterRestart(check: () => void | Promise<void>): Promise<void> {
    await check();
    log = temporary.reopen();
    await check();
  }

  it('refuses to delete what was never there, but buries it', async () => {
    const wrong: WriteOutcome = { kind: 'wrong-expected-version', current: -1 };
    expect(await written(log, remove('delete', 'never'))).toEqual(wrong);
    expect(await written(log, remove('tombstone', 'never', 'stream-exists'))).toEqual(wrong);
    expect(await written(log, remove('tombstone', 'never', 0))).toEqual(wrong);
    expect(await written(log, remove('tombstone', 'never', 'no-stream'))).toMatchObject({ kind: 'done' });
    expect(await written(log, append('never', 'any', proposed(1)))).toEqual({ kind: 'stream-deleted' });
  });

  it('checks the expected revision of a deletion', async () => {
    await three('checked');
    const wrong: WriteOutcome = { kind: 'wrong-expected-version', current: 2 };
    expect(await written(log, remove('delete', 'checked', 1))).toEqual(wrong);
    expect(await written(log, remove('tombstone', 'checked', 'no-stream'))).toEqual(wrong);
    expect(await written(log, remove('delete', 'checked', 2))).toMatchObject({ kind: 'done' });
  });

  it('hides a soft-deleted stream and drops the rest of its metadata', async () => {
    await three('soft');
    await written(log, append('$$soft', 'any', metadata({ $maxCount: 7, owner: 'me' })));
    await written(log, remove('delete', 'soft'));
    expect(storedEvents(log, '$$soft').at(-1)?.data.toString()).toBe('{"$tb":9223372036854775807}');
    await alsoAfterRestart(() => {
      expect(isSoftDeleted(log.head('soft'))).toBe(true);
    });
  });

  it.each([
    ['any', 'any'],
    ['no-stream', 'no-stream'],
    ['its last revision', 2],
  ] as const)(
    'brings a soft-deleted stream back by an append that expects %s, behind its old events',
    async (name, expected) => {
      const stream = `back-${name}`;
      await three(stream);
      await written(log, append(`$$${stream}`, 'any', metadata({ owner: 'me' })));
      await written(log, remove('delete', stream));
      expect(await written(log, append(stream, expected, proposed(3)))).toMatchObject({ kind: 'done', revision: 3 });
      expect(metadataOf(stream)).toEqual({ $tb: 3 });
      await alsoAfterRestart(() => {
        expect([firstVisible(log.head(stream)), log.head(stream).last]).toEqual([3, 3]);
      });
    },
  );

  it('refuses what would have to write metadata behind a tombstone', async () => {
    await three('cut-off');
    await written(log, remove('delete', 'cut-off'));
    await written(log, remove('tombstone', '$$cut-off'));
    const refused = { kind: 'stream-deleted' };
    expect(await written(log, remove('delete', 'cut-off'))).toEqual(refused);
    expect(await written(log, append('cut-off', 'any', proposed(3)))).toEqual(refused);
    await three('apart');
    expect(log.head('apart').last).toBe(2);
  });

  it('brings a soft-deleted stream back by new metadata, without its old events', async () => {
    await three('by-metadata');
    await written(log, remove('delete', 'by-metadata'));
    await written(log, append('$$by-metadata', 'any', metadata({ owner: 'me' })));
    expect(metadataOf('by-metadata')).toEqual({ owner: 'me', $tb: 3 });
    await alsoAfterRestart(() => {
      expect([isSoftDeleted(log.head('by-metadata')), firstVisible(log.head('by-metadata'))]).toEqual([false, 3]);
    });
  });

  it('never lets a tombstoned stream come back', async () => {
    await three('dead');
    const outcome = await written(log, remove('tombstone', 'dead', 2));
    expect(outcome).toMatchObject({ kind: 'done' });
    await alsoAfterRestart(async () => {
      expect(log.head('dead').tombstoned).toBe(true);
      expect(await written(log, append('dead', 'any', proposed(3)))).toEqual({ kind: 'stream-deleted' });
      expect(await written(log, append('dead', 'no-stream'))).toEqual({ kind: 'stream-deleted' });
      expect(await written(log, remove('delete', 'dead'))).toEqual({ kind: 'stream-deleted' });
      expect(log.head('$$dead').tombstoned).toBe(true);
      expect(await written(log, append('$$dead', 'any', metadata({})))).toEqual({ kind: 'stream-deleted' });
    });
    const tombstone = storedEvents(log, 'dead').at(-1);
    expect([tombstone?.type.name, tombstone?.revision]).toEqual(['$streamDeleted', TOMBSTONE_REVISION]);
  });

  it('shows the newest $maxCount events, whenever the rule was set', async () => {
    await written(log, append('$$counted', 'any', metadata({ $maxCount: 2 })));
    await three('counted');
    await alsoAfterRestart(() => {
      expect(firstVisible(log.head('counted'))).toBe(1);
    });
    await written(log, append('$$counted', 'any', metadata({ $maxCount: 1 })));
    expect(firstVisible(log.head('counted'))).toBe(2);
    await written(log, append('$$counted', 'any', metadata({})));
    expect(firstVisible(log.head('counted'))).toBe(0);
  });

  it('hides what lies before $tb, and takes a document that is no JSON for an empty one', async () => {
    await three('cut');
    await written(log, append('$$cut', 'any', metadata({ $tb: 2, $maxCount: 100 })));
    expect(firstVisible(log.head('cut'))).toBe(2);
    await written(log, append('$$cut', 'any', proposed('', { data: Buffer.from('no json') })));
    expect(firstVisible(log.head('cut'))).toBe(0);
  });

  it('keeps only the latest document of a metastream readable', async () => {
    await written(log, append('$$documents', 'any', metadata({ $maxCount: 3 }), metadata({ $maxCount: 2 })));
    expect(firstVisible(log.head('$$documents'))).toBe(1);
    expect(log.head('documents').retention.maxCount).toBe(2);
  });
});
