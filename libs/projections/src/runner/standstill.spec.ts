import { projections } from '../projections';
import { eventually } from '../testing/eventually';
import { fastTime, Told } from '../testing/runtime';
import { TestLog } from '../testing/test-log';
import { position, recorded } from '../testing/timeline';
import { MemoryReadModel } from './memory-read-model';
import { ReadModelRunner } from './runner';

it.each([
  [3, []],
  [6, ['rows stand still: Error: power cut', 'rows change again']],
])(
  'gives notice of rows that stand still, not of a transaction that breaks a few times (%d)',
  async (times, notices) => {
    const rows = new MemoryReadModel();
    const advance = rows.advance.bind(rows);
    let breaks = times;
    rows.advance = (from, to, work) =>
      breaks-- > 0 ? Promise.reject(new Error('power cut')) : advance(from, to, work);
    const told = new Told();
    const log = new TestLog([
      recorded('quota-p1', { type: 'quota.reserved.v2', data: { reservations: [], settleAfter: '' } }, 1),
    ]);
    const runner = new ReadModelRunner({ log, groups: [{ projections, store: rows }], timer: fastTime, logger: told });
    runner.start();
    await eventually('applied', () => runner.position === position(1));
    await runner.stop();
    expect(told.notices).toEqual(notices);
  },
);
