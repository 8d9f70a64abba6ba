import { TemporaryLog, append, proposed, storedEvents, written } from '../testing/temporary-log';
import { walkChain } from './chain-walk';
import type { EventLog } from './event-log';
import { openReadOnly } from './schema';
import { CHAIN_START } from './tail';

describe('a scavenge', () => {
  let temporary: TemporaryLog;
  let log: EventLog;
  let now = 1_000_000_000;
  beforeEach(() => {
    temporary = new TemporaryLog();
    log = temporary.open({ now: () => now });
  });
  afterEach(() => {
    temporary.remove();
  });

  const describeStream = (stream: string, document: object): Promise<unknown> =>
    written(log, append(`$$${stream}`, 'any', proposed(document, { type: '$metadata' })));

  const revisions = (stream: string): readonly number[] => storedEvents(log, stream).map(({ revision }) => revision);

  function steps(): number {
    const db = openReadOnly(temporary.directory);
    try {
      return [...walkChain(db, CHAIN_START)].length;
    } finally {
      db.close();
    }
  }

  it('removes what deletes and retention hide, and nothing else; positions and the chain stay', async () => {
    for (const stream of ['all', 'counted', 'cut', 'aged', 'deleted', 'buried']) {
      for (let n = 0; n < 10; n += 1) await written(log, append(stream, 'any', proposed({ stream, n })));
    }
    await describeStream('counted', { $maxCount: 3 });
    await describeStream('cut', { $tb: 4 });
    await describeStream('aged', { $maxAge: 60 });
    now += 61_000;
    await written(log, append('aged', 'any', proposed('young')));
    await written(log, { kind: 'delete', stream: 'deleted', expected: 'any', deadlineMs: Infinity });
    await written(log, { kind: 'tombstone', stream: 'buried', expected: 'any', deadlineMs: Infinity });
    const [before, tail] = [steps(), log.lastPosition];

    const { events, bytes } = await log.scavenge();

    expect(events).toBe(7 + 4 + 10 + 9 + 10);
    expect(bytes).toBeGreaterThan(events);
    expect(revisions('all')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(revisions('counted')).toEqual([7, 8, 9]);
    expect(revisions('cut')).toEqual([4, 5, 6, 7, 8, 9]);
    expect(revisions('aged')).toEqual([10]);
    expect(revisions('deleted')).toEqual([9]);
    expect(revisions('buried')).toEqual([Number.MAX_SAFE_INTEGER]);
    expect([steps(), log.lastPosition]).toEqual([before, tail]);
    expect(await log.scavenge()).toEqual({ events: 0, bytes: 0 });

    log = temporary.reopen();
    expect(await written(log, append('deleted', 9, proposed()))).toMatchObject({ kind: 'done', revision: 10 });
    expect(log.reader.allPage({ first: 0, last: log.lastPosition }, false).length).toBe(steps() - events);
  });

  it('keeps the newest event of the log, from which the next one continues', async () => {
    await written(log, append('s', 'any', proposed(1)));
    await written(log, { kind: 'delete', stream: 's', expected: 'any', deadlineMs: Infinity });
    await written(log, { kind: 'delete', stream: 's', expected: 'any', deadlineMs: Infinity });
    const tail = log.lastPosition;
    await log.scavenge();
    log = temporary.reopen();
    expect(log.lastPosition).toBe(tail);
  });
});
