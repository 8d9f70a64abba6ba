import { serverReservation } from '@cairn/domain';

import { CommandExecutor } from '../../runtime/execute';
import { Snapshots } from '../../runtime/snapshots';
import { ControllerLab, QUOTA } from '../../runtime/testing/controller-lab';
import { idOf, launchOf } from '../../runtime/testing/fixtures';
import { begunBy, idsOf, instanceStream } from './server-launch.begun';

const COMMAND = idOf('command');
const [A = '', B = '', C = ''] = idsOf(COMMAND, 3);

describe('what a request has begun before', () => {
  let lab: ControllerLab;
  /** Of a controller that has looked at all of it before anything was there, and has read nothing since. */
  let late: CommandExecutor;

  beforeEach(async () => {
    lab = new ControllerLab();
    const snapshots = new Snapshots(lab.store, () => undefined);
    late = new CommandExecutor({ store: lab.store, clock: lab.clock, snapshots, commandHash: (text) => text });
    await late.state(QUOTA);
    for (const id of [A, B, C]) await late.state(instanceStream(id));
  });

  const reserve = async (...ids: readonly string[]): Promise<void> => {
    const reservations = ids.map((id) => serverReservation(id, { vcpus: 1, ramMb: 1 }));
    await lab.execute(QUOTA, { type: 'ReserveQuota', data: { reservations } });
  };
  const launch = (instanceId: string): Promise<unknown> =>
    lab.execute(instanceStream(instanceId), { type: 'LaunchInstance', data: launchOf({ instanceId }) });
  const begun = async (): Promise<readonly string[]> =>
    (await begunBy(late, QUOTA.id, 3, COMMAND)).map(
      ({ launched, abandoned }) => `${launched ? 'launched' : 'waits'}${abandoned ? ', abandoned' : ''}`,
    );

  it('is nothing when it comes for the first time', async () => {
    expect(await begun()).toEqual([]);
  });

  it('is all that was reserved for, whatever this controller had read of it', async () => {
    await reserve(A, B, C);
    await launch(A);
    expect(await begun()).toEqual(['launched', 'waits', 'waits']);
  });

  it('is no more than was reserved for', async () => {
    await reserve(A, B);
    expect(await begun()).toEqual(['waits', 'waits']);
  });

  it('still has what was given up since, and given back', async () => {
    await reserve(A, B);
    await launch(A);
    await lab.execute(instanceStream(B), { type: 'AbandonCreation', data: { id: B } });
    await lab.execute(QUOTA, { type: 'RecordOwnerMissing', data: { owner: instanceStream(B) } });
    expect(await begun()).toEqual(['launched', 'waits, abandoned']);
  });
});
