import { type Message, serverReservation, streamRef } from '@cairn/domain';
import { StoreUnready } from '@cairn/event-store';

import type { CommandExecutor as Executor } from './execute';
import { ControllerLab, INSTANCE, QUOTA } from './testing/controller-lab';
import { idOf, launchOf } from './testing/fixtures';
import { ScriptedStore } from './testing/scripted-store';

const reserve = (n: number): Message => ({
  type: 'ReserveQuota',
  data: { reservations: [serverReservation(idOf('instance', n), { vcpus: 1, ramMb: 1 })] },
});

describe('while the node that is read from is behind', () => {
  it('a state is not taken for one that is older than what is known', async () => {
    const store = new ScriptedStore();
    for (const n of [1, 2]) await new ControllerLab(store).execute(QUOTA, reserve(n));
    const { executor } = new ControllerLab(store);
    store.behind = 1;
    await expect(executor.folded(QUOTA, 1n)).rejects.toBeInstanceOf(StoreUnready);
    await expect(executor.folded(QUOTA)).rejects.toBeInstanceOf(StoreUnready);
    store.behind = 0;
    expect((await executor.folded(QUOTA)).revision).toBe(1n);
  });

  it('nor when the stream was let go since then, or only its event was seen', async () => {
    const store = new ScriptedStore();
    await new ControllerLab(store).execute(QUOTA, reserve(1));
    const [read, heard] = [1, 2].map(() => new ControllerLab(store, undefined, 2).executor) as [Executor, Executor];
    await read.folded(QUOTA);
    for (const n of [1, 2, 3]) await read.folded(streamRef('instance', idOf('instance', n)));
    for (const event of store.of(`quota-${QUOTA.id}`)) heard.observe(event);
    store.behind = 1;
    for (const executor of [read, heard]) await expect(executor.folded(QUOTA)).rejects.toBeInstanceOf(StoreUnready);
    store.behind = 0;
    for (const executor of [read, heard]) expect((await executor.folded(QUOTA)).revision).toBe(0n);
  });

  it('a command whose append cannot be seen is carried out once, and the next one goes on from it', async () => {
    const store = new ScriptedStore();
    const lab = new ControllerLab(store);
    await lab.execute(QUOTA, reserve(1));
    store.behind = 1;
    store.fates = ['unanswered'];
    const executed = lab.execute(QUOTA, reserve(2));
    await lab.clock.pass(60_000);
    await executed;
    await lab.execute(QUOTA, reserve(3));
    expect((await lab.executor.state(QUOTA)).usage['instances']).toBe(3);
  });

  it('the effect of an event that it lacks waits, and is not lost', async () => {
    const lab = new ControllerLab();
    await lab.withHost();
    await lab.execute(INSTANCE, { type: 'LaunchInstance', data: launchOf() });
    const { store } = lab;
    const types = (): readonly string[] => store.types(`instance-${INSTANCE.id}`);
    const { runner, clock } = new ControllerLab(store);
    const over = new AbortController();
    const timers = runner.keepTime(over.signal);
    store.behind = 1;
    for (const event of store.of(`instance-${INSTANCE.id}`)) await runner.handle(event);
    expect(types()).toEqual(['instance.launch-requested.v1']);
    store.behind = 0;
    await clock.pass(2_000);
    expect(types()).toContain('instance.host-chosen.v2');
    over.abort();
    await clock.pass(1);
    await timers;
  });
});
