import { SharedByKey } from './shared-by-key';

describe('what is shared by key', () => {
  it('is made once, and given up by the last who holds it', () => {
    const shared = new SharedByKey<object>();
    const make = jest.fn(() => ({}));
    const first = shared.take('a', make);
    expect(shared.take('a', make)).toBe(first);
    expect(shared.take('b', make)).not.toBe(first);
    expect(make).toHaveBeenCalledTimes(2);
    expect(shared.release('a')).toBeUndefined();
    expect(shared.release('a')).toBe(first);
    expect(shared.release('a')).toBeUndefined();
    expect(shared.take('a', make)).not.toBe(first);
  });
});
