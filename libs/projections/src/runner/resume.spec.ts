import { fastTime, Told } from '../testing/runtime';
import { position } from '../testing/timeline';
import { positionText } from './position';
import { resume, type Resumed } from './resume';
import type { RowStore } from './row-store';

/** Rows that show the log up to its second event. */
const rows = (): jest.Mocked<Pick<RowStore, 'history' | 'checkpoint' | 'reset'>> => ({
  history: jest.fn().mockResolvedValue('store/1'),
  checkpoint: jest.fn().mockResolvedValue({ position: positionText(position(2)), built: true, parked: new Set() }),
  reset: jest.fn().mockResolvedValue(undefined),
});

/** A log whose end is the one that is given, at each look. */
function resumed(
  store: ReturnType<typeof rows>,
  head: () => number,
  signal = new AbortController().signal,
): Promise<Resumed> {
  const log = { history: () => Promise.resolve('store/1'), head: () => Promise.resolve(position(head())) };
  return resume({ log, stores: [store as unknown as RowStore], logger: new Told(), timer: fastTime, signal });
}

describe('rows that show more than the log has', () => {
  it('wait for a node that is behind, and are kept', async () => {
    const store = rows();
    let looks = 0;
    const { startedOver, head } = await resumed(store, () => (++looks < 4 ? 1 : 3));
    expect([startedOver, head, looks]).toEqual([false, position(3), 4]);
    expect(store.reset).not.toHaveBeenCalled();
  });

  it('are made again after a minute: the log is an older copy', async () => {
    const store = rows();
    expect(await resumed(store, () => 1)).toMatchObject({ startedOver: true, head: position(1) });
    expect(store.reset).toHaveBeenCalledTimes(1);
  });

  it('are kept when the runner is told to stop meanwhile', async () => {
    const store = rows();
    const over = new AbortController();
    const head = (): number => {
      over.abort();
      return 1;
    };
    await expect(resumed(store, head, over.signal)).rejects.toThrow();
    expect(store.reset).not.toHaveBeenCalled();
  });
});
