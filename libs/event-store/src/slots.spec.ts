import { Slots } from './slots';

describe('Slots', () => {
  it('lets no more holders in than there are slots, and the others in order', async () => {
    const slots = new Slots(2);
    const order: number[] = [];
    let held = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        await slots.take();
        held += 1;
        most = Math.max(most, held);
        order.push(i);
        await new Promise((resolve) => setImmediate(resolve));
        held -= 1;
        slots.release();
      }),
    );
    expect(most).toBe(2);
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });
});
