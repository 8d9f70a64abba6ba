import { later, type Message, serverReservation } from '@cairn/domain';

import { TroubledRequests } from './log-patience';
import type { CommandContext, Executed } from './ports';
import { Snapshots } from './snapshots';
import { CommandExecutor } from './execute';
import { idOf } from './testing/fixtures';
import { ControllerLab, QUOTA } from './testing/controller-lab';

const reserve = (n: number): Message => ({
  type: 'ReserveQuota',
  data: { reservations: [serverReservation(idOf('instance', n), { vcpus: 1, ramMb: 1 })] },
});

const always = (lab: ControllerLab, fate: 'lost' | 'well'): void => {
  lab.store.fates = Array.from({ length: fate === 'well' ? 0 : 1_000 }, () => fate);
};
/** What a request's command came to, and when, in milliseconds from now. */
async function outcome(lab: ControllerLab, work: Promise<Executed>): Promise<{ what: unknown; afterMs: number }> {
  const began = Date.parse(lab.clock.now());
  const what: unknown = await work.then(
    () => 'done',
    (error: unknown) => (error as { code?: unknown }).code,
  );
  return { what, afterMs: Date.parse(lab.clock.now()) - began };
}
const asked = (lab: ControllerLab): Partial<CommandContext> => ({ logBy: later(lab.clock.now(), 4_000) });

describe('a request while the log takes no writes', () => {
  it('is told within 5 s, also while an attempt hangs and behind others; Cairn itself tries on', async () => {
    const lab = new ControllerLab();
    lab.store.beforeAppend = () => new Promise(() => undefined);
    const first = outcome(lab, lab.execute(QUOTA, reserve(1), undefined, asked(lab)));
    await lab.clock.pass(100);
    const behind = outcome(lab, lab.execute(QUOTA, reserve(2), undefined, asked(lab)));
    await lab.clock.pass(10_000);
    for (const { what, afterMs } of await Promise.all([first, behind])) {
      expect(what).toBe('log.unavailable');
      expect(afterMs).toBeLessThanOrEqual(5_000);
    }
  });

  it('is told within 5 s where attempts fail; a command of Cairn itself is tried on', async () => {
    const lab = new ControllerLab();
    always(lab, 'lost');
    const request = outcome(lab, lab.execute(QUOTA, reserve(1), undefined, asked(lab)));
    const own = outcome(lab, lab.execute(QUOTA, reserve(2)));
    await lab.clock.pass(8_000);
    always(lab, 'well');
    await lab.clock.pass(5_000);
    const told = await request;
    expect(told.what).toBe('log.unavailable');
    expect(told.afterMs).toBeLessThanOrEqual(5_000);
    expect((await own).what).toBe('done');
  });

  it('is not carried out later when it was told before its turn came', async () => {
    const lab = new ControllerLab();
    always(lab, 'lost');
    const own = lab.execute(QUOTA, reserve(1));
    await lab.clock.pass(100);
    const request = outcome(lab, lab.execute(QUOTA, reserve(2), undefined, asked(lab)));
    await lab.clock.pass(6_000);
    always(lab, 'well');
    await lab.clock.pass(5_000);
    expect((await request).what).toBe('log.unavailable');
    expect((await own).answer).toMatchObject({ usage: { instances: 1 } });
  });

  it('is told at once when too many wait already, and taken again when they do not', async () => {
    const lab = new ControllerLab();
    const { store, clock } = lab;
    const snapshots = new Snapshots(store, () => undefined);
    const troubled = new TroubledRequests(3);
    const executor = new CommandExecutor({ store, clock, snapshots, commandHash: (text) => text, troubled });
    Object.assign(lab, { executor });
    always(lab, 'lost');
    const waiting = [1, 2, 3].map((n) => outcome(lab, lab.execute(QUOTA, reserve(n), undefined, asked(lab))));
    await clock.pass(1_000);
    const next = await outcome(lab, lab.execute(QUOTA, reserve(4), undefined, asked(lab)));
    expect(next).toEqual({ what: 'log.unavailable', afterMs: 0 });
    await clock.pass(5_000);
    await Promise.all(waiting);
    always(lab, 'well');
    await clock.pass(5_000);
    expect((await outcome(lab, lab.execute(QUOTA, reserve(5), undefined, asked(lab)))).what).toBe('done');
  });
});
