import { connectionsPerListener, descriptorLimit } from './descriptors';

describe('descriptors', () => {
  it('are limited to what the system says', () => {
    const limits = (soft: string) => () =>
      `Max processes  100  100\nMax open files            ${soft}     1048576   files\n`;
    expect(descriptorLimit(limits('20000'))).toBe(20_000);
    expect(descriptorLimit(limits('unlimited'))).toBe(Infinity);
    expect(descriptorLimit(() => 'nothing')).toBe(1_024);
    expect(descriptorLimit()).toBeGreaterThan(0);
  });

  it('are enough for all listeners together and for work', () => {
    expect(connectionsPerListener(5, 20_000) * 5).toBeLessThan(20_000 - 200);
    expect(connectionsPerListener(5, Infinity)).toBe(4_096);
    expect(connectionsPerListener(5, 100)).toBe(64);
  });
});
