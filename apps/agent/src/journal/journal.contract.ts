import type { StreamRef } from '@cairn/domain';

import { imageOf, instanceIdOf } from '../testing/specs';

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

const resourceOf = (n: number): StreamRef => ({ category: 'instance', id: instanceIdOf(n) });
const images = [imageOf().sha256];

const begunOf = (n: number, generation: number, over: Partial<Begun> = {}): Begun => ({
  effectId: `effect-${String(n)}-${String(generation)}`,
  resource: resourceOf(n),
  generation,
  at: at(0),
  images,
  before: null,
  ...over,
});

const outcomeOf = ({ effectId, resource, generation }: Begun, over: Partial<Outcome> = {}): Outcome => ({
  effectId,
  resource,
  generation,
  at: at(5),
  correlationId: 'request-1',
  event: {
    type: 'agent.job-succeeded.v2',
    data: { effectId, resource, generation, bootId: 'boot-1', facts: { power: 'running', timings: { start: 5 } } },
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
      expect(await journal.generation(resourceOf(1))).toBeUndefined();
      expect(await journal.present()).toEqual([]);
    });

    it('knows in the next process what was begun and what was settled', async () => {
      const begun = begunOf(1, 3, { before: 'pid 7' });
      const outcome = await run(begun);
      await journal.begin(begunOf(2, 1));
      const reopened = await harness.reopen();
      expect(await reopened.outcome(begun.effectId)).toEqual(outcome);
      expect(await reopened.begun(begun.effectId)).toEqual(begun);
      expect(await reopened.generation(resourceOf(1))).toBe(3);
      expect(await reopened.outcome('effect-2-1')).toBeUndefined();
      expect(await reopened.present()).toEqual([1, 2].map((n) => ({ resource: resourceOf(n), images })));
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
      await journal.begin(begunOf(1, 1, { before: 'first' }));
      await journal.begin(begunOf(1, 1, { before: 'second' }));
      expect((await journal.begun('effect-1-1'))?.before).toBe('first');
    });

    it('remembers the newest generation and what it asked for, also of what was removed', async () => {
      await run(begunOf(1, 1));
      await run(begunOf(1, 2, { images: ['a', 'b'] }));
      expect(await journal.present()).toEqual([{ resource: resourceOf(1), images: ['a', 'b'] }]);
      await run(begunOf(1, 3, { images: null }));
      await run(begunOf(1, 2));
      expect(await journal.generation(resourceOf(1))).toBe(3);
      expect(await journal.present()).toEqual([]);
    });

    it('forgets outcomes after a day, except the newest of what is here', async () => {
      const [first, newest] = [begunOf(1, 1), begunOf(1, 2)];
      const removed = begunOf(2, 5, { images: null });
      for (const begun of [first, newest, removed]) await run(begun);
      await journal.prune(at(DAY_MS - 1));
      expect(await journal.outcome(first.effectId)).toBeDefined();
      await journal.prune(at(DAY_MS + 5));
      for (const open of [journal, await harness.reopen()]) {
        expect(await open.outcome(newest.effectId)).toBeDefined();
        expect(await open.generation(resourceOf(2))).toBe(5);
      }
      expect(await journal.outcome(first.effectId)).toBeUndefined();
      expect(await journal.outcome(removed.effectId)).toBeUndefined();
    });

    it('forgets in the end what was removed', async () => {
      await run(begunOf(1, 1, { images: null }));
      await journal.prune(at(31 * DAY_MS));
      expect(await journal.generation(resourceOf(1))).toBeUndefined();
    });

    it('takes many entries at the same time and loses none', async () => {
      const all = Array.from({ length: 200 }, (_, i) => begunOf(i + 1, 1));
      await Promise.all(all.map(run));
      const reopened = await harness.reopen();
      for (const begun of all) expect(await reopened.outcome(begun.effectId)).toEqual(outcomeOf(begun));
      expect(await reopened.present()).toHaveLength(200);
    });
  });
}
