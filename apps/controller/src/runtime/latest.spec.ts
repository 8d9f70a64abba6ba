import { type Message, serverReservation } from '@cairn/domain';

import { CommandExecutor } from './execute';
import { Snapshots } from './snapshots';
import { ControllerLab, QUOTA } from './testing/controller-lab';
import { idOf } from './testing/fixtures';

const reserve = (n: number): Message => ({
  type: 'ReserveQuota',
  data: { reservations: [serverReservation(idOf('instance', n), { vcpus: 1, ramMb: 1 })] },
});

it('an executor shows what another controller has appended only to whom it must not be missing', async () => {
  const lab = new ControllerLab();
  await lab.execute(QUOTA, reserve(1));
  const other = new CommandExecutor({
    store: lab.store,
    clock: lab.clock,
    snapshots: new Snapshots(lab.store, () => undefined),
    commandHash: (canonical) => canonical,
  });
  expect((await other.state(QUOTA)).held.size).toBe(1);
  await lab.execute(QUOTA, reserve(2));
  expect((await other.state(QUOTA)).held.size).toBe(1);
  const [one, all] = await Promise.all([other.latest(QUOTA), other.latest(QUOTA)]);
  expect([one.held.size, all.held.size]).toEqual([2, 2]);
  expect((await other.state(QUOTA)).held.size).toBe(2);
});
