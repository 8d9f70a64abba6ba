import { type Instance, instanceRef, type Message, serverReservation } from '@cairn/domain';

import { silentLog } from '../log';
import { type DueEntry, MemoryDueIndex } from './due-index';
import { EffectRunner, type Placer } from './effect-runner';
import { ProcessRunner } from './process-runner';
import { ControllerLab, HOST, INSTANCE, QUOTA } from './testing/controller-lab';
import { idOf, launchOf } from './testing/fixtures';

const reserve: Message = {
  type: 'ReserveQuota',
  data: { reservations: [serverReservation(INSTANCE.id, { vcpus: 1, ramMb: 512 })] },
};

const usage = async (lab: ControllerLab): Promise<number> => (await lab.executor.state(QUOTA)).usage['instances'] ?? 0;
const instanceOf = (lab: ControllerLab): Promise<Instance> => lab.executor.state(INSTANCE);

/** Runs the timers of a lab while the test goes on. */
async function inTime(lab: ControllerLab, work: () => Promise<void>): Promise<void> {
  const ended = new AbortController();
  const timers = lab.runner.keepTime(ended.signal);
  await work();
  ended.abort();
  await lab.clock.pass(1);
  await timers;
}

/** Lets time pass, and everything happen that follows from it. */
async function pass(lab: ControllerLab, ms: number): Promise<void> {
  await lab.clock.pass(ms);
  await lab.follow();
}

describe('what is due at once', () => {
  it('is carried out after the event that asks for it, up to the job for the host', async () => {
    const lab = new ControllerLab();
    await lab.withHost();
    const job = await lab.withLaunch();
    expect(job).toMatchObject({ kind: 'ensure-instance', hostId: HOST.id, resource: INSTANCE, generation: 1 });
    expect(lab.store.types(`instance-${INSTANCE.id}`)).toEqual([
      'instance.launch-requested.v1',
      'instance.host-chosen.v2',
      'instance.host-claimed.v1',
    ]);
  });

  it('ends in the outcome for a refusal when the target refuses', async () => {
    const lab = new ControllerLab(undefined, {
      place: () => Promise.resolve({ hostId: idOf('no such host'), hostName: 'none' }),
    });
    await lab.execute(INSTANCE, { type: 'LaunchInstance', data: launchOf() });
    await lab.follow();
    expect(lab.store.types(`instance-${INSTANCE.id}`).slice(0, 3)).toEqual([
      'instance.launch-requested.v1',
      'instance.host-chosen.v2',
      'instance.host-refused.v1',
    ]);
  });

  it('is not carried out twice for events that were attended already', async () => {
    const lab = new ControllerLab();
    await lab.withHost();
    await lab.withLaunch();
    const sent = lab.sent.length;
    for (const event of lab.store.log.all()) await lab.runner.handle(event);
    expect(lab.sent).toHaveLength(sent);
  });
});

describe('what is due later', () => {
  it('waits for its time: a reservation is settled when its launch has not begun', async () => {
    const lab = new ControllerLab();
    await inTime(lab, async () => {
      await lab.execute(QUOTA, reserve);
      await lab.follow();
      await pass(lab, 29_000);
      expect(await usage(lab)).toBe(1);
      await pass(lab, 2_000);
      expect(await usage(lab)).toBe(0);
    });
    expect(lab.store.types(`instance-${INSTANCE.id}`)).toEqual(['instance.launch-abandoned.v1']);
  });

  it('keeps a reservation whose launch did begin', async () => {
    const lab = new ControllerLab(undefined, { place: () => Promise.reject(new Error('not ready')) });
    await inTime(lab, async () => {
      await lab.execute(QUOTA, reserve);
      await lab.execute(INSTANCE, { type: 'LaunchInstance', data: launchOf() });
      await lab.follow();
      await pass(lab, 31_000);
    });
    expect(await lab.executor.state(QUOTA)).toMatchObject({ usage: { instances: 1 }, unconfirmed: { size: 0 } });
  });

  it('puts a job that is not answered into the queue again every minute', async () => {
    const lab = new ControllerLab();
    await lab.withHost();
    await inTime(lab, async () => {
      await lab.withLaunch();
      expect(lab.sent).toHaveLength(1);
      await pass(lab, 59_000);
      expect(lab.sent).toHaveLength(1);
      await pass(lab, 2_000);
      expect(lab.sent).toHaveLength(2);
      expect(lab.sent[1]).toEqual(lab.sent[0]);
    });
  });

  it('does not wait for its next try when something is back that it may have waited for', async () => {
    const lab = new ControllerLab();
    await lab.withHost();
    lab.queueError = new Error('Redis is away');
    await inTime(lab, async () => {
      await lab.execute(INSTANCE, { type: 'LaunchInstance', data: launchOf() });
      await lab.follow();
      await pass(lab, 200_000); // by now it waits for minutes
      lab.queueError = undefined;
      await pass(lab, 20_000);
      expect(lab.sent).toEqual([]);
      lab.runner.tryAgain();
      await pass(lab, 1);
      lab.runner.tryAgain(); // the queue may have lost it
      await pass(lab, 1);
      expect(lab.sent).toHaveLength(2);
    });
  });

  it('is given up at its deadline, with the outcome that says so', async () => {
    const lab = new ControllerLab();
    await lab.withHost();
    await inTime(lab, async () => {
      await lab.withLaunch();
      await pass(lab, 10 * 60_000 - 1_000);
      expect((await instanceOf(lab)).vmState).toBe('building');
      await pass(lab, 2_000);
    });
    const { vmState, fault } = await instanceOf(lab);
    expect([vmState, fault?.code]).toEqual(['error', 'scheduler.no-valid-host']);
    expect(lab.sent.at(-1)?.message.kind).toBe('remove-instance');
  });
});

describe('what cannot be carried out', () => {
  it('is tried again after one second, two, four …, and then as if nothing had been', async () => {
    const times: number[] = [];
    const lab: ControllerLab = new ControllerLab(undefined, {
      place: () => {
        times.push(Date.parse(lab.clock.now()));
        return times.length < 5
          ? Promise.reject(new Error('not ready'))
          : Promise.resolve({ hostId: HOST.id, hostName: 'host-1' });
      },
    });
    await lab.withHost();
    await inTime(lab, async () => {
      await lab.execute(INSTANCE, { type: 'LaunchInstance', data: launchOf() });
      await lab.follow();
      await pass(lab, 60_000);
    });
    expect(times.slice(1).map((time, i) => time - (times[i] ?? 0))).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(lab.sent).toHaveLength(1);
  });

  it('is never tried less often than every five minutes', async () => {
    const times: number[] = [];
    const lab: ControllerLab = new ControllerLab(undefined, {
      place: () => {
        times.push(Date.parse(lab.clock.now()));
        return Promise.reject(new Error('not ready'));
      },
    });
    await inTime(lab, async () => {
      await lab.execute(INSTANCE, {
        type: 'LaunchInstance',
        data: launchOf({ notAfter: '2026-11-23T12:00:00.000Z' }),
      });
      await lab.follow();
      await pass(lab, 3_600_000);
    });
    const waits = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(Math.max(...waits)).toBe(300_000);
  });

  it('does not hold up other streams', async () => {
    const lab = new ControllerLab();
    await lab.withHost();
    lab.queueError = new Error('Redis is away');
    await inTime(lab, async () => {
      await lab.execute(INSTANCE, { type: 'LaunchInstance', data: launchOf() });
      await lab.execute(QUOTA, {
        type: 'ReserveQuota',
        data: { reservations: [serverReservation(idOf('other'), { vcpus: 1, ramMb: 1 })] },
      });
      await lab.follow();
      await pass(lab, 31_000);
      expect(lab.sent).toHaveLength(0);
      expect(await usage(lab)).toBe(0);
      lab.queueError = undefined;
      await pass(lab, 60_000);
      expect(lab.sent).toHaveLength(1);
    });
  });

  it('shows in the index with how often it failed and why', async () => {
    const lab = new ControllerLab();
    await lab.withHost();
    lab.queueError = new Error('Redis is away');
    await inTime(lab, async () => {
      await lab.execute(INSTANCE, { type: 'LaunchInstance', data: launchOf() });
      await lab.follow();
      await pass(lab, 8_000);
    });
    await lab.runner.save(1n);
    const { entries } = await lab.index.load();
    expect(entries).toMatchObject([{ stream: `instance-${INSTANCE.id}`, attempts: 4, lastError: 'Redis is away' }]);
  });
});

describe('the index of owed work', () => {
  const byStream = (entries: readonly DueEntry[]): readonly DueEntry[] =>
    [...entries].sort((a, b) => (a.stream < b.stream ? -1 : 1));
  const streams = (entries: readonly DueEntry[]): readonly string[] => entries.map(({ stream }) => stream).sort();

  async function busy(): Promise<ControllerLab> {
    const lab = new ControllerLab();
    await lab.withHost();
    await lab.withLaunch();
    await lab.execute(QUOTA, reserve);
    await lab.execute(instanceRef(idOf('gone')), { type: 'AbandonCreation', data: { id: idOf('gone') } });
    await lab.follow();
    await lab.runner.save(lab.store.log.all().at(-1)?.position);
    return lab;
  }

  it('holds exactly the streams that owe something, and when to look at them', async () => {
    const lab = await busy();
    const { entries, checkpoint } = await lab.index.load();
    expect(streams(entries)).toEqual([`instance-${INSTANCE.id}`, `quota-${QUOTA.id}`]);
    expect(checkpoint).toBe(lab.store.log.all().at(-1)?.position);
    const quota = entries.find(({ stream }) => stream.startsWith('quota'));
    expect(quota?.nextDueAt).toBe('2026-11-22T12:00:30.000Z');
  });

  it('is the same when it is built from nothing', async () => {
    const lab = await busy();
    const rebuilt = new ControllerLab(lab.store);
    await rebuilt.runner.start(null);
    await rebuilt.follow();
    await rebuilt.runner.save(lab.store.log.all().at(-1)?.position);
    const [fresh, kept] = [await rebuilt.index.load(), await lab.index.load()];
    expect(byStream(fresh.entries)).toEqual(byStream(kept.entries));
    expect(fresh.checkpoint).toBe(kept.checkpoint);
  });

  it('lets a new process carry out what the last one owed, without reading the log again', async () => {
    const lab = await busy();
    const next = new ControllerLab(lab.store);
    const placer: Placer = { place: () => Promise.reject(new Error('nothing is placed')) };
    const sent: string[] = [];
    const queue = { add: (_host: string, id: string): Promise<void> => Promise.resolve(void sent.push(id)) };
    const { executor, clock } = next;
    const effects = new EffectRunner(executor, queue, placer, clock);
    const runner = new ProcessRunner({ executor, effects, index: lab.index, clock, log: silentLog });
    expect(await runner.start(null)).toBe(lab.store.log.all().at(-1)?.position);
    const ended = new AbortController();
    const timers = runner.keepTime(ended.signal);
    await clock.pass(1_000);
    expect(sent).toEqual(lab.sent.map(({ id }) => id));
    ended.abort();
    await clock.pass(1);
    await timers;
  });

  it('forgets a stream that owes nothing any more', async () => {
    const lab = await busy();
    await lab.execute(QUOTA, { type: 'ConfirmQuota', data: { owners: [INSTANCE] } });
    await lab.follow();
    await lab.runner.save(undefined);
    expect(streams((await lab.index.load()).entries)).toEqual([`instance-${INSTANCE.id}`]);
  });

  it('loses nothing when a write fails', async () => {
    const lab = new ControllerLab();
    const index = new MemoryDueIndex();
    const { executor, clock } = lab;
    const failing = {
      keepOf: index.keepOf.bind(index),
      load: () => index.load(),
      commit: jest.fn().mockRejectedValueOnce(new Error('disk full')),
    };
    failing.commit.mockImplementation((...args: Parameters<MemoryDueIndex['commit']>) => index.commit(...args));
    const effects = new EffectRunner(executor, { add: () => Promise.resolve() }, { place: jest.fn() }, clock);
    const runner = new ProcessRunner({ executor, effects, index: failing, clock, log: silentLog });
    await lab.execute(QUOTA, reserve);
    for (const event of lab.store.log.all()) await runner.handle(event);
    await expect(runner.save(1n)).rejects.toThrow('disk full');
    await runner.save(2n);
    expect(await index.load()).toMatchObject({ checkpoint: 2n, entries: [{ stream: `quota-${QUOTA.id}` }] });
  });
});
