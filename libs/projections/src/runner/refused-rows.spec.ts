import { type DomainEvent, serverReservation } from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';
import fc from 'fast-check';
import { projections } from '../projections';
import { QuotaRow } from '../read-models';
import { eventually } from '../testing/eventually';
import { fastTime, Told } from '../testing/runtime';
import { TestLog } from '../testing/test-log';
import { position, recorded } from '../testing/timeline';
import { BuildingRowStore, HeldRows } from './building-row-store';
import { MemoryReadModel } from './memory-read-model';
import type { RowStore } from './row-store';
import { ReadModelRunner } from './runner';
import { ParkedStreamRow } from './rows';

/** Tables that refuse rows of some projects, as a database refuses values that do not fit a column. */
class RefusingReadModel extends MemoryReadModel {
  constructor(private readonly refused: ReadonlySet<string>) {
    super();
  }

  override advance(...[from, to, work]: Parameters<MemoryReadModel['advance']>): Promise<void> {
    return super.advance(from, to, (rows) =>
      work({
        ...rows,
        load: rows.load.bind(rows),
        select: rows.select.bind(rows),
        remove: rows.remove.bind(rows),
        park: rows.park.bind(rows),
        put: (entity, put) => {
          if (put.some(({ id }) => this.refused.has(id)))
            throw Object.assign(new Error('value out of range'), { code: '22003' });
          return rows.put(entity, put);
        },
      }),
    );
  }
}

function reserved(n: number, project: string): RecordedEvent {
  const reservations = [serverReservation(`i${String(n)}`, { vcpus: 1, ramMb: 1 })];
  const event: DomainEvent = { type: 'quota.reserved.v2', data: { reservations, settleAfter: '' } };
  return recorded(`quota-${project}`, event, n);
}

describe('rows that the database refuses', () => {
  const kinds: readonly (readonly [string, (stored: RowStore) => RowStore])[] = [
    ['each batch is written', (stored) => stored],
    ['rows are held until they are many', (stored) => new BuildingRowStore(stored, new HeldRows(3))],
    ['rows are held until all are built', (stored) => new BuildingRowStore(stored)],
  ];

  it.each(kinds)('park their streams and no other, whatever comes with them, where %s', async (_when, storeOf) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 40 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 3 }),
        fc.integer({ min: 1, max: 12 }),
        async (projects, bad, batchSize) => {
          const nameOf = (n: number): string => `p${String(n)}`;
          const stored = new RefusingReadModel(new Set(bad.map(nameOf)));
          const told = new Told();
          const runner = new ReadModelRunner({
            log: new TestLog(projects.map((project, i) => reserved(i + 1, nameOf(project)))),
            groups: [{ projections, store: storeOf(stored) }],
            timer: fastTime,
            logger: told,
            batchSize,
          });
          runner.start();
          await eventually('built', () => runner.isReady() && runner.position === position(projects.length));
          await runner.stop();
          for (let n = 0; n <= 5; n += 1) {
            const servers = projects.filter((project) => project === n).length;
            const shown = stored.get(QuotaRow, nameOf(n))?.usage['instances'] ?? 0;
            expect([n, shown]).toEqual([n, bad.includes(n) ? 0 : servers]);
          }
          const parked = stored.all(ParkedStreamRow);
          const expected = bad.filter((n) => projects.includes(n)).map((n) => `quota-${nameOf(n)}`);
          expect(parked.map(({ id }) => id)).toEqual(expected.sort());
          for (const { reason } of parked) expect(reason).toBe('the database refuses its rows: value out of range');
        },
      ),
      { numRuns: 40 },
    );
  });

  it('are told to the operator, at every start', async () => {
    const stored = new RefusingReadModel(new Set(['bad']));
    for (let start = 0; start < 2; start += 1) {
      const notices: string[] = [];
      const parked = new Map<string, number>();
      const logger = {
        info: () => undefined,
        error: () => undefined,
        notice: (text: string) => notices.push(text),
        parked: (group: string, streams: number) => parked.set(group, streams),
      };
      const log = new TestLog([reserved(1, 'bad'), reserved(2, 'p1')]);
      const runner = new ReadModelRunner({ log, groups: [{ projections, store: stored }], timer: fastTime, logger });
      runner.start();
      await eventually('built', () => runner.isReady());
      await runner.stop();
      expect([...parked.values()]).toEqual([1]);
      expect(notices).toEqual([expect.stringMatching(/^the rows of quota-bad stand still/)]);
    }
  });

  it('are told by each controller that shares the tables', async () => {
    const stored = new RefusingReadModel(new Set(['bad']));
    const controllers = [1, 2].map(() => {
      const told = { notices: [] as string[], parked: 0 };
      const log = new TestLog([reserved(1, 'p1')]);
      const logger = {
        info: () => undefined,
        error: () => undefined,
        notice: (text: string) => told.notices.push(text),
        parked: (_group: string, streams: number) => (told.parked = streams),
      };
      return {
        ...{ log, told },
        runner: new ReadModelRunner({ log, groups: [{ projections, store: stored }], timer: fastTime, logger }),
      };
    });
    for (const { runner } of controllers) {
      runner.start();
      await eventually('ready', () => runner.isReady());
    }
    for (const { log, runner, told } of controllers) {
      log.push(reserved(2, 'bad'));
      await eventually('passed', () => runner.position === position(2));
      expect(told).toEqual({ parked: 1, notices: [expect.stringMatching(/^the rows of quota-bad stand still/)] });
    }
    for (const { runner } of controllers) await runner.stop();
  });
});
