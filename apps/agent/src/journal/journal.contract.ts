import { instanceIdOf, instanceOf } from '../testing/specs';

import type { Begun, Journal, Outcome } from './journal';

export interface JournalHarness {
  readonly journal: Journal;
  /** The journal as the agent's next process finds it, after a kill -9 of this one. */
  reopen(): Promise<Journal>;
  close(): Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const T0 = Date.parse('2026-11-22T12:00:00.000Z');
const at = (ms: number): string => new Date(T0 + ms).toISOString();

const begunOf = (n: number, generation: number, over: Partial<Begun> = {}): Begun => ({
  effectId: `effect-${String(n)}-${String(generation)}`,
  instanceId: instanceIdOf(n),
  generation,
  at: at(0),
  spec: instanceOf(n),
  incarnation: null,
  ...over,
});

const outcomeOf = ({ effectId, instanceId, generation }: Begun, over: Partial<Outcome> = {}): Outcome => ({
  effectId,
  instanceId,
  generation,
  at: at(5),
  correlationId: 'request-1',
  event: {
    type: 'agent.job-succeeded.v1',
    data: { effectId, instanceId, generation, bootId: 'boot-1', facts: { power: 'running', timings: { start: 5 } } },
  },
  ...over,
});

/** Both journals keep this. One harness per test. */
export function journalContract(name: string, make: () => Promise<JournalHarness>): void {
  describe(`${name} keeps the Journal contract`, () => {
    let harness: JournalHarness;
    let journal: Journal;
    beforeEach(async () => {
      harness = await make();
      journal = harness.journal;
    });
    afterEach(() => harness.close());

    const run = async (begun: Begun): Promise<Outcome> => {
      await journal.begin(begun);
      return journal.settle(outcomeOf(begun));
    };

    it('knows nothing at first', async () => {
      expect(await journal.outcome('effect-1-1')).toBeUndefined();
      expect(await journal.begun('effect-1-1')).toBeUndefined();
      expect(await journal.generation(instanceIdOf(1))).toBeUndefined();
      expect(await journal.specs()).toEqual([]);
    });

    it('knows in the next process what was begun and what was settled', async () => {
      const begun = begunOf(1, 3, { incarnation: 'pid 7' });
      const outcome = await run(begun);
      await journal.begin(begunOf(2, 1));
      const reopened = await harness.reopen();
      expect(await reopened.outcome(begun.effectId)).toEqual(outcome);
      expect(await reopened.begun(begun.effectId)).toEqual(begun);
      expect(await reopened.generation(instanceIdOf(1))).toBe(3);
      expect(await reopened.outcome('effect-2-1')).toBeUndefined();
      expect(await reopened.specs()).toEqual([instanceOf(1), instanceOf(2)]);
    });

    it('fixes the first outcome of an effect, also against a second one at the same time', async () => {
      const begun = begunOf(1, 1);
      const first = outcomeOf(begun);
      const other = outcomeOf(begun, { at: at(99) });
      await journal.begin(begun);
      expect(await Promise.all([journal.settle(first), journal.settle(other)])).toEqual([first, first]);
      expect(await journal.settle(other)).toEqual(first);
      expect(await (await harness.reopen()).outcome(begun.effectId)).toEqual(first);
    });

    it('keeps what an effect noted when it first began', async () => {
      await journal.begin(begunOf(1, 1, { incarnation: 'before' }));
      await journal.begin(begunOf(1, 1, { incarnation: 'after' }));
      expect((await journal.begun('effect-1-1'))?.incarnation).toBe('before');
    });

    it('remembers the newest generation and what it asked for, also of removed instances', async () => {
      await run(begunOf(1, 1));
      await run(begunOf(1, 2, { spec: instanceOf(1, { power: 'stopped' }) }));
      expect(await journal.specs()).toEqual([instanceOf(1, { power: 'stopped' })]);
      await run(begunOf(1, 3, { spec: null }));
      await run(begunOf(1, 2));
      expect(await journal.generation(instanceIdOf(1))).toBe(3);
      expect(await journal.specs()).toEqual([]);
    });

    it('forgets outcomes after a day, except the newest of instances that are here', async () => {
      const [first, newest] = [begunOf(1, 1), begunOf(1, 2)];
      const removed = begunOf(2, 5, { spec: null });
      for (const begun of [first, newest, removed]) await run(begun);
      await journal.prune(at(DAY_MS - 1));
      expect(await journal.outcome(first.effectId)).toBeDefined();
      await journal.prune(at(DAY_MS + 5));
      for (const open of [journal, await harness.reopen()]) {
        expect(await open.outcome(newest.effectId)).toBeDefined();
        expect(await open.generation(instanceIdOf(2))).toBe(5);
      }
      expect(await journal.outcome(first.effectId)).toBeUndefined();
      expect(await journal.outcome(removed.effectId)).toBeUndefined();
    });

    it('forgets a removed instance in the end', async () => {
      await run(begunOf(1, 1, { spec: null }));
      await journal.prune(at(31 * DAY_MS));
      expect(await journal.generation(instanceIdOf(1))).toBeUndefined();
    });

    it('takes many entries at the same time and loses none', async () => {
      const all = Array.from({ length: 200 }, (_, i) => begunOf(i + 1, 1));
      await Promise.all(all.map(run));
      const reopened = await harness.reopen();
      for (const begun of all) expect(await reopened.outcome(begun.effectId)).toEqual(outcomeOf(begun));
      expect(await reopened.specs()).toHaveLength(200);
    });
  });
}
