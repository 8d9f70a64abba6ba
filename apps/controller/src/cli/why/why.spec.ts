import { instance, streamName, streamRef } from '@cairn/domain';
import { ControllerLab, INSTANCE } from '../../runtime/testing/controller-lab';
import { idOf, launchOf } from '../../runtime/testing/fixtures';
import { Scheduler } from '../../scheduler/scheduler';
import { DEFAULT_SETTINGS } from '../../scheduler/settings';
import { collect } from '../log-scan';
import { explained } from './explain';
import { choicesOf } from './why';

const HOSTS = [idOf('host', 1), idOf('host', 2)];
const LATER = idOf('host', 3);

describe('cairn why', () => {
  let lab: ControllerLab;

  beforeEach(async () => {
    lab = new ControllerLab();
    await lab.withHost(HOSTS[0], 1, { ramMb: 8_000 });
    await lab.withHost(HOSTS[1], 2, { ramMb: 100 });
    await lab.execute(INSTANCE, { type: 'LaunchInstance', data: launchOf() });
  });

  const told = async (): Promise<string> => {
    const events = await collect(lab.store.read(streamName(INSTANCE)));
    const choices = await choicesOf(lab.store, events, DEFAULT_SETTINGS);
    return choices.map(explained).join('\n');
  };

  /** Lets the scheduler choose, and records what it says. */
  const chosen = async (keepRecord: boolean): Promise<void> => {
    const scheduler = new Scheduler({ hostIds: () => Promise.resolve([...HOSTS, LATER]) }, lab.executor, lab.clock);
    const effect = instance.due?.(await lab.executor.state(INSTANCE)).find(({ kind }) => kind === 'place');
    if (effect?.kind !== 'place') throw new Error('no place is asked for');
    const { selection, ...place } = await scheduler.place(effect.request);
    const message = effect.onDone({ ...place, ...(keepRecord && selection !== undefined ? { selection } : {}) });
    await lab.execute(INSTANCE, message);
  };

  it('tells what a launch recorded: which host was excluded by which numbers, and what the chosen one weighed', async () => {
    await chosen(true);
    await lab.execute(streamRef('host', HOSTS[0] ?? ''), { type: 'DisableHost', data: { reason: null } });
    expect(await told()).toMatch(/host-1 was chosen \(attempt 1\), of 2 hosts\n +host-1 +weight 0: RAMWeigher 12000, /);
    expect(await told()).toMatch(/host-2 +excluded by AggregateRamFilter: 150 MiB of memory free of 100 .*512 needed/);
  });

  it('makes the choice again from the log of then, where a launch recorded nothing', async () => {
    await chosen(false);
    await lab.execute(streamRef('host', HOSTS[0] ?? ''), { type: 'DisableHost', data: { reason: null } });
    const text = await told();
    expect(text).toContain('The launch kept no record of this.');
    expect(text).toMatch(/host-1 +weight 0: RAMWeigher 12000/);
    expect(text).toMatch(/host-2 +excluded by AggregateRamFilter/);
  });

  it('makes several choices again in one reading of the log, each from the log of then', async () => {
    const refused = { code: 'host.full', message: 'full', permanent: false };
    await chosen(false);
    for (const _ of ['the claim is refused', 'what it may have is released']) {
      const [effect] = instance.due?.(await lab.executor.state(INSTANCE)) ?? [];
      if (effect?.kind !== 'command') throw new Error('no command is asked for');
      await lab.execute(INSTANCE, effect.onRefused(refused));
    }
    await lab.withHost(LATER, 3, { ramMb: 8_000 });
    await chosen(false);
    const read = jest.spyOn(lab.store, 'subscribe');
    expect((await told()).match(/^.* was chosen.*$/gm)).toEqual([
      expect.stringMatching(/host-1 was chosen \(attempt 1\), of 2 hosts$/),
      expect.stringMatching(/host-3 was chosen \(attempt 2\), of 3 hosts$/),
    ]);
    expect(read).toHaveBeenCalledTimes(1);
  });
});
