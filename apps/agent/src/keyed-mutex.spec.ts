import { KeyedMutex, Slots } from './keyed-mutex';

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
});

describe('Slots', () => {
  it('lets in as many as there are, and the next when one leaves, also in anger', async () => {
    const slots = new Slots(2);
    const [one, two, three] = [gate(), gate(), gate()];
    const failing = slots.run(() => one.work().then(() => Promise.reject(new Error('no'))));
    const all = [slots.run(two.work), slots.run(three.work)];
    await settle();
    expect(three.begun).toBe(0);
    one.open();
    await expect(failing).rejects.toThrow('no');
    await settle();
    expect(three.begun).toBe(1);
    two.open();
    three.open();
    await Promise.all(all);
  });
});
