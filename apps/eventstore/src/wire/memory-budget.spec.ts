import { MemoryBudget } from './memory-budget';

describe('the budget for unanswered appends', () => {
  it('is shared by all, and counts what each holds once', () => {
    const budget = new MemoryBudget(10_000);
    const [one, two] = [budget.account(), budget.account()];
    expect(one.grow(4_000)).toBe(true);
    expect(one.grow(5_000)).toBe(true);
    expect(two.grow(4_000)).toBe(false);
    expect(two.grow(2_000)).toBe(true);
    one.close();
    one.close();
    expect(two.grow(8_000)).toBe(true);
    expect(two.grow(9_000)).toBe(false);
  });

  it('is not unlimited for appends without any payload', () => {
    const budget = new MemoryBudget(10_000);
    const opened = Array.from({ length: 20 }, () => budget.account().grow(0));
    expect(opened.filter(Boolean)).toHaveLength(9);
  });
});
