import type { PluggedNic } from '../ports/hypervisor.port';
import { instanceOf, networkOf, nicOf } from '../testing/specs';

import type { JobContext } from './job-context';
import { prepareInstance } from './prepare-instance';
import { Stopwatch } from './stopwatch';

const spec = instanceOf(1, { nics: [nicOf(1, networkOf(1))] });
const clock = { now: (): number => 0 };

/** Disks that fail at once, and a network that takes its time. */
function hostWhose(disks: () => Promise<never>, port: Promise<PluggedNic>): JobContext {
  return {
    clock,
    superseded: new Promise(() => undefined),
    images: { ensure: () => Promise.resolve({ path: '/images/root', cached: true }) },
    disks: { ensure: disks },
    network: { ensurePort: () => port },
    networksChanged: () => Promise.resolve(),
  } as unknown as JobContext;
}

describe('what a guest needs before it can run', () => {
  it('is given up only when nothing of it is under way any more', async () => {
    let plugged: (nic: PluggedNic) => void = () => undefined;
    const port = new Promise<PluggedNic>((resolve) => {
      plugged = resolve;
    });
    const context = hostWhose(() => Promise.reject(new Error('no room')), port);
    const ended: string[] = [];
    const prepared = prepareInstance(spec, context, new Stopwatch(clock as never)).catch((error: unknown) => {
      ended.push(String(error));
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toEqual([]);
    plugged({ mac: 'fa:16:3e:00:00:01', tap: 'tap0', mtu: 1450 });
    await prepared;
    expect(ended).toEqual(['Error: no room']);
  });
});
