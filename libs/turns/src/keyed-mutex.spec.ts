import { KeyedMutex } from './keyed-mutex';

/** Work that ends when it is told to, and how often it was begun. */
function gate(): { readonly work: () => Promise<void>; readonly open: () => void; begun: number } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const self = {
    begun: 0,
    open: () => {
      open();
    },
    work: () => {
      self.begun += 1;
      return opened;
    },
  };
  return self;
}
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('KeyedMutex', () => {
  it('lets one in per key, in the order of asking, and those of other keys beside it', async () => {
    const mutex = new KeyedMutex();
    const [first, second, other] = [gate(), gate(), gate()];
    const all = [mutex.run('a', first.work), mutex.run('a', second.work), mutex.run('b', other.work)];
    await settle();
    expect([first.begun, second.begun, other.begun]).toEqual([1, 0, 1]);
    first.open();
    await settle();
    expect(second.begun).toBe(1);
    second.open();
    other.open();
    await Promise.all(all);
  });

  it('goes on behind work that failed, and hands the failure to who asked', async () => {
    const mutex = new KeyedMutex();
    const failed = mutex.run('a', () => Promise.reject(new Error('no')));
    const next = mutex.run('a', () => Promise.resolve(7));
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe(7);
  });

  it('lets nobody in beside work that began while the one before it ended', async () => {
    const mutex = new KeyedMutex();
    let [inside, most] = [0, 0];
    const work = async (): Promise<void> => {
      most = Math.max(most, (inside += 1));
      await settle();
      inside -= 1;
    };
    const again = async (times: number): Promise<void> => {
      await mutex.run('a', work);
      if (times > 0) await again(times - 1);
    };
    await Promise.all([again(20), again(20), again(20)]);
    expect(most).toBe(1);
  });

  it('keeps nothing of a key that nobody uses', async () => {
    const mutex = new KeyedMutex();
    await Promise.all(['a', 'a', 'b'].map((key) => mutex.run(key, settle)));
    expect(Object.values(mutex).map((held) => (held as Map<string, unknown>).size)).toEqual([0]);
  });
});
