import { Dice } from './dice';
import { parseFaultPlan, warningOf } from './fault-plan';

describe('a plan of faults', () => {
  it('is read from its text, and says itself loudly', () => {
    const plan = parseFaultPlan('seed=7,unavailable=0.01,lostAck=0.5');
    expect(plan).toMatchObject({ seed: 7, unavailable: 0.01, lostAck: 0.5, drop: 0 });
    expect(warningOf(plan)).toMatch(/FAULTS ARE INJECTED.*seed=7 unavailable=0.01 lostAck=0.5/);
  });

  it.each(['', 'lostAcks=1', 'drop=2', 'drop=-1', 'drop=', 'drop', 'seed=x', 'toString=1'])('refuses %j', (text) => {
    expect(() => parseFaultPlan(text)).toThrow(/--faults/);
  });

  it('decides the same for the same seed, about as often as asked', () => {
    const falls = (seed: number): readonly boolean[] => {
      const dice = new Dice(seed);
      return Array.from({ length: 10_000 }, () => dice.falls(0.1));
    };
    expect(falls(7)).toEqual(falls(7));
    expect(falls(7)).not.toEqual(falls(8));
    const count = falls(7).filter(Boolean).length;
    expect(count).toBeGreaterThan(900);
    expect(count).toBeLessThan(1_100);
  });

  it('never lets an impossible fault fall, and lets a certain one always', () => {
    const dice = new Dice(1);
    expect(Array.from({ length: 100 }, () => dice.falls(0)).some(Boolean)).toBe(false);
    expect(Array.from({ length: 100 }, () => dice.falls(1)).every(Boolean)).toBe(true);
  });
});
