import { Resting } from './resting';

const MB = 1024 * 1024;
const quiet = (held: number): { readonly busy: number; readonly held: number } => ({ busy: 0.01, held: held * MB });
const busy = (held: number): { readonly busy: number; readonly held: number } => ({ busy: 0.3, held: held * MB });

/** How many of `looks` looks, all alike, are due. */
const dueOf = (resting: Resting, looks: number, held: number): number =>
  Array.from({ length: looks }, () => resting.due(quiet(held))).filter(Boolean).length;

describe('Resting', () => {
  it('waits for half a minute of rest, then collects once', () => {
    const resting = new Resting();
    expect(dueOf(resting, 5, 400)).toBe(0);
    expect(resting.due(quiet(400))).toBe(true);
    expect(dueOf(resting, 100, 100)).toBe(0);
  });

  it('begins to wait again when there was work', () => {
    const resting = new Resting();
    dueOf(resting, 5, 400);
    expect(resting.due(busy(400))).toBe(false);
    expect(dueOf(resting, 5, 400)).toBe(0);
    expect(resting.due(quiet(400))).toBe(true);
  });

  it('leaves a process alone that has not grown since', () => {
    const resting = new Resting();
    dueOf(resting, 100, 100);
    resting.due(busy(130));
    expect(dueOf(resting, 100, 130)).toBe(0);
  });

  it('collects again after the next growth', () => {
    const resting = new Resting();
    dueOf(resting, 100, 100);
    resting.due(busy(150));
    expect(dueOf(resting, 100, 150)).toBe(1);
  });

  it('measures growth from what the collection has left', () => {
    const resting = new Resting();
    for (const held of [400, 400, 400, 400, 400, 400, 100]) resting.due(quiet(held));
    expect(dueOf(resting, 100, 150)).toBe(1);
  });
});
