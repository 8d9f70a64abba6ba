import { DomainError, instanceRef, later, type Message, serverReservation } from '@cairn/domain';
import { MemoryEventStore, StoreRefused } from '@cairn/event-store';

import { CommandExecutor } from './execute';
import type { Executed } from './ports';
import { Snapshots } from './snapshots';
import { ControllerLab, QUOTA } from './testing/controller-lab';
import { idOf } from './testing/fixtures';
import { drained } from './testing/manual-clock';
import { ScriptedStore } from './testing/scripted-store';

const STREAM = `quota-${QUOTA.id}`;

const reserve = (n: number, ramMb = 1): Message => ({
  type: 'ReserveQuota',
  data: { reservations: [serverReservation(idOf('instance', n), { vcpus: 1, ramMb })] },
});

const reserved = (lab: ControllerLab): number => lab.store.of(STREAM).length;

/** The error that a promise ends with. */
const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a mailbox', () => {
  it('appends at once what waits together, and answers each command for itself', async () => {
    const lab = new ControllerLab();
    const done = await Promise.all(Array.from({ length: 10 }, (_, i) => lab.execute(QUOTA, reserve(i))));
    expect(lab.store.appends).toBe(1);
    expect(done.map(({ events }) => events.length)).toEqual(Array.from({ length: 10 }, () => 1));
    expect(reserved(lab)).toBe(10);
  });

  it('refuses one command of a batch and carries out the others', async () => {
    const lab = new ControllerLab();
    const [, first, over, second] = await Promise.allSettled([
      lab.execute(QUOTA, reserve(1)),
      lab.execute(QUOTA, reserve(2)),
      lab.execute(QUOTA, reserve(3, 1_000_000)),
      lab.execute(QUOTA, reserve(4)),
    ]);
    expect([first.status, over.status, second.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(reserved(lab)).toBe(3);
  });

  it('appends in parts what the store does not take at once', async () => {
    const lab = new ControllerLab();
    const append = lab.store.log.append.bind(lab.store.log);
    jest
      .spyOn(lab.store.log, 'append')
      .mockImplementation((stream, expected, events) =>
        events.length > 3 ? Promise.reject(new StoreRefused('too large')) : append(stream, expected, events),
      );
    await Promise.all(Array.from({ length: 10 }, (_, i) => lab.execute(QUOTA, reserve(i))));
    expect(reserved(lab)).toBe(10);
  });

  it('does not let one command that breaks its aggregate take the others with it', async () => {
    const lab = new ControllerLab();
    const [, first, ill, second] = await Promise.allSettled([
      lab.execute(QUOTA, reserve(1)),
      lab.execute(QUOTA, reserve(2)),
      lab.execute(QUOTA, { type: 'ReserveQuota', data: {} }),
      lab.execute(QUOTA, reserve(4)),
    ]);
    expect([first.status, ill.status, second.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(reserved(lab)).toBe(3);
  });

  it('answers a repeated command the same and changes nothing', async () => {
    const lab = new ControllerLab();
    const first = await lab.execute(QUOTA, reserve(1), idOf('same'));
    const again = await lab.execute(QUOTA, reserve(1), idOf('same'));
    expect(again.answer).toEqual(first.answer);
    expect(again.events).toEqual([]);
    expect(reserved(lab)).toBe(1);
  });

  it('gives twins in one batch one answer: both done', async () => {
    const lab = new ControllerLab();
    const ahead = lab.execute(QUOTA, reserve(1));
    const twins = [lab.execute(QUOTA, reserve(2), idOf('twin')), lab.execute(QUOTA, reserve(2), idOf('twin'))];
    await ahead;
    const [one, other] = await Promise.all(twins);
    expect(other?.events).toEqual(one?.events);
    expect(reserved(lab)).toBe(2);
  });

  it('gives twins in one batch one answer: both refused', async () => {
    const lab = new ControllerLab();
    const ahead = lab.execute(QUOTA, reserve(1));
    const twins = [1, 2].map(() => refusal(lab.execute(QUOTA, reserve(2, 1_000_000), idOf('twin'))));
    await ahead;
    for (const error of await Promise.all(twins)) expect(error).toMatchObject({ code: 'quota.exceeded' });
    expect(reserved(lab)).toBe(1);
  });

  it('remembers its commands for another process that loads the stream', async () => {
    const store = new ScriptedStore();
    await new ControllerLab(store).execute(QUOTA, reserve(1), idOf('same'));
    const other = new ControllerLab(store);
    await other.execute(QUOTA, reserve(1), idOf('same'));
    expect(reserved(other)).toBe(1);
  });
});

describe('a mailbox whose stream another process writes to', () => {
  it('reads only the tail after a conflict, and decides again', async () => {
    const store = new ScriptedStore();
    const [lab, other] = [new ControllerLab(store), new ControllerLab(store)];
    for (let i = 0; i < 9; i += 1) await lab.execute(QUOTA, reserve(i));
    await other.execute(QUOTA, { type: 'ReleaseQuota', data: { owner: instanceRef(idOf('instance', 0)) } });
    store.eventsRead = 0;
    const { answer } = await lab.execute(QUOTA, reserve(20));
    expect(store.eventsRead).toBe(1);
    expect(answer).toMatchObject({ usage: { instances: 9 } });
  });

  it('does not take for its own what the other made of the same command', async () => {
    const store = new ScriptedStore();
    const [lab, other] = [new ControllerLab(store), new ControllerLab(store)];
    await lab.executor.state(QUOTA);
    await other.clock.pass(5);
    await other.execute(QUOTA, reserve(1), idOf('same'));
    await lab.execute(QUOTA, reserve(1), idOf('same'));
    await lab.execute(QUOTA, reserve(2));
    expect(reserved(lab)).toBe(2);
    const verified = new ControllerLab(store);
    expect(await verified.executor.folded(QUOTA)).toMatchObject({ link: store.of(STREAM)[1]?.metadata['streamHash'] });
    expect((await lab.executor.folded(QUOTA)).link).toBe(store.of(STREAM)[1]?.metadata['streamHash']);
  });

  it('takes over what its reader hands over, without reading it again', async () => {
    const store = new ScriptedStore();
    const [lab, other] = [new ControllerLab(store), new ControllerLab(store)];
    await lab.execute(QUOTA, reserve(1));
    await other.execute(QUOTA, reserve(2));
    store.eventsRead = 0;
    for (const event of store.of(STREAM)) lab.executor.observe(event);
    expect((await lab.executor.state(QUOTA)).usage['instances']).toBe(2);
    expect(store.eventsRead).toBe(0);
  });

  it('reads what is missing when the reader hands over a later event', async () => {
    const store = new ScriptedStore();
    const [lab, other] = [new ControllerLab(store), new ControllerLab(store)];
    await lab.execute(QUOTA, reserve(1));
    for (const n of [2, 3, 4]) await other.execute(QUOTA, reserve(n));
    const last = store.of(STREAM).at(-1);
    if (last !== undefined) lab.executor.observe(last);
    expect((await lab.executor.state(QUOTA)).usage['instances']).toBe(4);
  });

  it('never shows a state older than an event that was handed over while its append was under way', async () => {
    const lab = new ControllerLab();
    const { store } = lab;
    let answer: () => void = () => undefined;
    const append = store.log.append.bind(store.log);
    jest.spyOn(store.log, 'append').mockImplementation(async (...args) => {
      const appended = await append(...args);
      await new Promise<void>((resolve) => (answer = resolve));
      return appended;
    });
    const executed = lab.execute(QUOTA, reserve(1));
    await drained();
    for (const event of store.of(STREAM)) lab.executor.observe(event); // the subscription was faster than the answer
    const state = lab.executor.folded(QUOTA);
    await drained();
    answer();
    expect((await state).revision).toBe(0n);
    await executed;
  });
});

describe('a mailbox that does not learn what became of its append', () => {
  it('finds what was appended, and answers with it', async () => {
    const lab = new ControllerLab();
    lab.store.fates = ['unanswered'];
    const executed = lab.execute(QUOTA, reserve(1), idOf('same'));
    await lab.clock.pass(5_000);
    const { events, answer } = await executed;
    expect(events.map(({ id }) => id)).toEqual(lab.store.of(STREAM).map(({ id }) => id));
    expect(answer).toMatchObject({ usage: { instances: 1 } });
    expect(reserved(lab)).toBe(1);
  });

  it('appends again what was lost', async () => {
    const lab = new ControllerLab();
    lab.store.fates = ['lost', 'lost'];
    const executed = lab.execute(QUOTA, reserve(1));
    await lab.clock.pass(5_000);
    expect((await executed).events).toHaveLength(1);
    expect(reserved(lab)).toBe(1);
  });

  it('finds part of a batch and appends the rest, each once', async () => {
    const lab = new ControllerLab();
    await lab.execute(QUOTA, reserve(0));
    lab.store.fates = ['unanswered', 'lost', 'unanswered'];
    const work = [1, 2, 3].map((n) => lab.execute(QUOTA, reserve(n)));
    await lab.clock.pass(10_000);
    const done: readonly Executed[] = await Promise.all(work);
    expect(done.map(({ events }) => events.length)).toEqual([1, 1, 1]);
    expect(reserved(lab)).toBe(4);
  });

  it('says at the deadline that it is unavailable, and never that something is in the way', async () => {
    const lab = new ControllerLab();
    lab.store.fates = Array.from({ length: 100 }, () => 'lost');
    const deadline = later(lab.clock.now(), 3_000);
    const executed = refusal(lab.execute(QUOTA, reserve(1), undefined, { deadline }));
    await lab.clock.pass(10_000);
    const error = await executed;
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ kind: 'unavailable' });
  });

  it('says at once that it is unavailable when the log is full, and takes the next when it is not', async () => {
    const lab = new ControllerLab();
    lab.store.fates = ['full'];
    expect(await refusal(lab.execute(QUOTA, reserve(1)))).toMatchObject({ kind: 'unavailable', code: 'log.full' });
    expect((await lab.execute(QUOTA, reserve(2))).answer).toMatchObject({ usage: { instances: 1 } });
  });

  it('is ready for the next command afterwards', async () => {
    const lab = new ControllerLab();
    lab.store.fates = ['lost', 'lost'];
    const late = refusal(lab.execute(QUOTA, reserve(1), undefined, { deadline: lab.clock.now() }));
    await lab.clock.pass(5_000);
    await late;
    await lab.clock.pass(5_000);
    expect((await lab.execute(QUOTA, reserve(2))).answer).toMatchObject({ usage: { instances: 1 } });
  });
});

describe('snapshots', () => {
  const raw = (n: number): { id: string; type: string; data: Record<string, unknown>; metadata: object } => ({
    id: `raw-${String(n)}`,
    type: n % 2 === 0 ? 'quota.reserved.v1' : 'quota.released.v1',
    data:
      n % 2 === 0
        ? { items: [{ instanceId: `i-${String(n)}`, cores: 1, ramMb: 1 }], settleAfter: '2026' }
        : { instanceId: `i-${String(n - 1)}` },
    metadata: { commandId: `c-${String(n)}`, at: '2026-11-22T11:00:00.000Z' },
  });

  it('let a command on a stream of 100,000 events read at most 500', async () => {
    const log = new MemoryEventStore();
    const count = 99_999;
    const events = Array.from({ length: count }, (_, n) => raw(n)) as unknown as Parameters<typeof log.append>[2];
    await log.append(STREAM, 'no-stream', events);
    const store = new ScriptedStore(log);
    await new ControllerLab(store).execute(QUOTA, reserve(1)); // the 100,000th: the fold passes a multiple of 500
    await drained();
    expect(store.eventsRead).toBeGreaterThanOrEqual(count);
    store.eventsRead = 0;
    const { answer } = await new ControllerLab(store).execute(QUOTA, reserve(2), undefined, { unheard: true });
    expect(answer).toMatchObject({ usage: { instances: 3 } });
    expect(store.eventsRead).toBeLessThanOrEqual(500);
  });

  it('of another schema version are as good as none', async () => {
    const lab = new ControllerLab();
    await lab.execute(QUOTA, reserve(1));
    const data = { schemaVersion: 0, revision: '77', position: '0', link: '', cause: {}, recent: [], state: {} };
    await lab.store.log.append(`snapshot-${STREAM}`, 'no-stream', [
      { id: 'old', type: 'snapshot.taken.v1', data, metadata: {} },
    ]);
    const other = new ControllerLab(lab.store);
    expect((await other.executor.folded(QUOTA)).revision).toBe(0n);
  });

  it('keep the ids of recent commands, so that a repeat after them changes nothing', async () => {
    const store = new ScriptedStore();
    const lab = new ControllerLab(store);
    const snapshots = new Snapshots(store, () => undefined, 2n);
    const { clock } = lab;
    const executor = new CommandExecutor({ store, clock, snapshots, commandHash: () => '' });
    const context = { ...CONTEXT, deadline: later(clock.now(), 1_000) };
    for (const n of [1, 2, 3]) await executor.carry(QUOTA, reserve(n), { ...context, commandId: idOf('c', n) });
    await drained();
    const other = new ControllerLab(store);
    store.eventsRead = 0;
    await other.execute(QUOTA, reserve(1), idOf('c', 1));
    expect(store.eventsRead).toBeLessThan(3);
    expect(reserved(other)).toBe(3);
  });
});

const CONTEXT = {
  actor: { userId: 'u', projectId: null, domainId: null, roles: [] },
  api: 'test',
  requestId: '',
  clientAddress: null,
  correlationId: '',
  causationId: '',
};
