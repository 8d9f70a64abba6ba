import fc from 'fast-check';
import { Checkpoints, type Place } from './checkpoints';

/** A log whose events stand 10 apart, with the pace at which it is followed. */
const followed = fc.record({
  wanted: fc.array(fc.boolean(), { minLength: 1, maxLength: 80 }),
  behind: fc.nat({ max: 80 }),
  window: fc.constantFrom(1, 2, 3, 7, 32, 50),
  multiplier: fc.constantFrom(1, 2, 3),
});

const positionOf = (index: number): number => 10 * (index + 1);

describe('checkpoints of a filtered subscription', () => {
  it('grow, and are never ahead of an event that was not looked at', () => {
    fc.assert(
      fc.property(followed, ({ wanted, behind, window, multiplier }) => {
        const checkpoints = new Checkpoints(
          { window, interval: window * multiplier },
          undefined,
          positionOf(behind - 1),
        );
        let before: Place = { commit: -1, prepare: -1 };
        for (const [index, isWanted] of wanted.entries()) {
          const position = positionOf(index);
          const isBehind = index < behind;
          const place = isBehind
            ? checkpoints.passBehind(position, isWanted)
            : checkpoints.passLive(position, isWanted);
          const atEnd = index === behind - 1 ? checkpoints.endBehind(Infinity) : undefined;
          for (const said of [place, atEnd]) {
            if (said === undefined) continue;
            expect(
              said.commit > before.commit || (said.commit === before.commit && said.prepare > before.prepare),
            ).toBe(true);
            expect(said.commit).toBeLessThanOrEqual(position);
            before = said;
          }
        }
      }),
    );
  });

  it('come at least once in two intervals, live and behind', () => {
    fc.assert(
      fc.property(followed, ({ wanted, window, multiplier }) => {
        const interval = window * multiplier;
        const live = new Checkpoints({ window, interval }, { commit: 0, prepare: 0 }, 0);
        const said = wanted.map((isWanted, index) => live.passLive(positionOf(index), isWanted));
        expect(said.filter((place) => place !== undefined)).toHaveLength(Math.floor(wanted.length / interval));
        const behind = new Checkpoints({ window, interval }, { commit: 0, prepare: 0 }, Infinity);
        const pages = wanted.map((_, index) => behind.passBehind(positionOf(index), false));
        expect(pages.filter((place) => place !== undefined)).toHaveLength(Math.floor(wanted.length / interval));
      }),
    );
  });

  it('stand at the beginning of the page that was read, or at the last event sent', () => {
    const checkpoints = new Checkpoints({ window: 2, interval: 2 }, { commit: 10, prepare: 10 }, Infinity);
    const said = [false, true, false, false, false].map((isWanted, index) =>
      checkpoints.passBehind(positionOf(index), isWanted),
    );
    expect(said).toEqual([undefined, { commit: 20, prepare: 20 }, undefined, { commit: 30, prepare: 0 }, undefined]);
    expect(checkpoints.endBehind(Infinity)).toBeUndefined();
  });

  it('are none at the start of the log, where nothing was found: 2^64-1 would mean its end', () => {
    const checkpoints = new Checkpoints({ window: 32, interval: 32 }, undefined, Infinity);
    expect(checkpoints.passBehind(1, false)).toBeUndefined();
    expect(checkpoints.endBehind(Infinity)).toBeUndefined();
  });
});
