import { setTimeout } from 'node:timers/promises';
import { aggregates, type Category, type Message, serverReservation, streamRef } from '@cairn/domain';

import { roundOf } from '../../../../libs/domain/src/testing/long-lives';
import { after } from '../../../../libs/domain/src/testing/given';
import type { CommandContext } from './ports';
import { RecentCommands } from './recent-commands';
import { ControllerLab, INSTANCE, QUOTA } from './testing/controller-lab';
import { idOf, launchOf } from './testing/fixtures';
import { drained } from './testing/manual-clock';

const STREAM = `quota-${QUOTA.id}`;
const owner = (n: number): string => idOf('owner', n);
const reserve = (n: number): Message => ({
  type: 'ReserveQuota',
  data: { reservations: [serverReservation(owner(n), { vcpus: 1, ramMb: 1 })] },
});
const release = (n: number): Message => ({
  type: 'ReleaseQuota',
  data: { owner: { category: 'instance', id: owner(n) } },
});
const fresh: Partial<CommandContext> = { unheard: true };

/** Writes to the stream until it has seen so many commands; they end what they begin. */
async function busy(lab: ControllerLab, count: number): Promise<void> {
  for (let n = 0; n < count / 2; n += 64) {
    const some = Array.from({ length: 64 }, (_, i) => 10 + n + i);
    await Promise.all(some.map((one) => lab.execute(QUOTA, reserve(one), idOf('reserve', one), fresh)));
    await Promise.all(some.map((one) => lab.execute(QUOTA, release(one), idOf('release', one), fresh)));
  }
  await drained();
}

const limits = (lab: ControllerLab): Promise<unknown> =>
  lab.execute(QUOTA, {
    type: 'SetQuotaLimits',
    data: { limits: { instances: -1, cores: -1, ram: -1 }, force: false },
  });

describe('a command that is repeated long after thousands of others', () => {
  const lab = new ControllerLab();

  beforeAll(async () => {
    await limits(lab);
    await lab.execute(QUOTA, reserve(1), idOf('first'), fresh);
    await lab.execute(QUOTA, release(1), idOf('first-release'), fresh);
    await busy(lab, 10_000);
  });

  const countAfter = async (other: ControllerLab, over: Partial<CommandContext> = {}): Promise<number> => {
    const before = lab.store.of(STREAM).length;
    await other.execute(QUOTA, reserve(1), idOf('first'), over);
    return lab.store.of(STREAM).length - before;
  };

  it('changes nothing, in this process or another', async () => {
    expect(await countAfter(lab)).toBe(0);
    expect(await countAfter(new ControllerLab(lab.store))).toBe(0);
  });

  it('changes nothing when it bears an idempotency key that was used before it', async () => {
    const first = lab.store.of(STREAM)[1];
    expect(await countAfter(lab, { keyed: { id: idOf('unused'), asked: {} } })).toBe(0);
    expect(await countAfter(lab, { after: (first?.position ?? 0n) - 1n })).toBe(0);
  });

  it('is carried out if it cannot be a repeat, without one event read again', async () => {
    lab.store.eventsRead = 0;
    const key = idOf('key');
    await lab.execute(streamRef('request', key), { type: 'UseKey', data: { requestHash: 'h' } });
    const over = { keyed: { id: key, asked: {} } };
    expect((await lab.execute(QUOTA, reserve(7), idOf('by key'), over)).events).toHaveLength(1);
    const { position } = await lab.executor.folded(QUOTA);
    expect((await lab.execute(QUOTA, release(7), idOf('by position'), { after: position })).events).toHaveLength(1);
    expect((await lab.execute(QUOTA, reserve(8), idOf('new'), fresh)).events).toHaveLength(1);
    expect(lab.store.eventsRead).toBe(0);
  });

  it('costs one reading for any number of repeats, and no more than lies behind what it can be', async () => {
    const other = new ControllerLab(lab.store);
    await other.executor.folded(QUOTA);
    other.store.eventsRead = 0;
    const late = lab.store.of(STREAM).at(-4_000);
    const over = { after: late?.position ?? 0n };
    await other.execute(QUOTA, reserve(1), idOf('unheard of', 1), over);
    const read = other.store.eventsRead;
    expect(read).toBeLessThan(4_000);
    for (let n = 2; n < 50; n += 1) await other.execute(QUOTA, release(1), idOf('unheard of', n), over);
    expect(other.store.eventsRead - read).toBeLessThan(4_000);
  });
});

describe('an effect', () => {
  it('is known to be new while it is carried out at once, and is looked for when a process starts again', async () => {
    const lab = new ControllerLab();
    await limits(lab);
    await lab.withHost();
    await lab.withLaunch();
    await busy(lab, 6_000);
    lab.store.eventsRead = 0;
    const deletion = { type: 'DeleteInstance', data: {} };
    const gone = launchOf({ instanceId: idOf('other'), projectId: QUOTA.id });
    const other = streamRef('instance', gone.instanceId);
    await lab.execute(other, { type: 'LaunchInstance', data: gone }, undefined, fresh);
    await lab.follow();
    expect(lab.store.of(`instance-${INSTANCE.id}`).length).toBeGreaterThan(0);
    await lab.execute(other, deletion, undefined, fresh);
    await lab.follow();
    expect(lab.store.eventsRead).toBeLessThan(50);
  });
});

describe('remembered commands', () => {
  it('are a bounded number, however many there were, also when they were stored', () => {
    let recent = new RecentCommands();
    for (let n = 0; n < 100_000; n += 1) {
      recent.note(idOf('c', n), { revision: BigInt(n), position: BigInt(n) * 64n });
      if (n % 9_999 === 0) recent = RecentCommands.load(JSON.parse(JSON.stringify(recent.store())) as never);
    }
    expect(recent.size).toBeLessThanOrEqual(2_048);
    expect(JSON.stringify(recent.store()).length).toBeLessThan(90_000);
    expect([recent.has(idOf('c', 99_999)), recent.has(idOf('c', 90_000))]).toEqual([true, false]);
    expect([recent.reaches(99_000n * 64n), recent.reaches(90_000n * 64n)]).toEqual([true, false]);
    const { from, to } = recent.gap(90_000n * 64n);
    expect(from.position).toBeLessThanOrEqual(90_000n * 64n);
    expect(from.revision).toBeGreaterThan(88_000n);
    expect(to).toBeGreaterThan(97_000n);
  });

  it('are any text', () => {
    const recent = new RecentCommands();
    for (const [n, id] of ['a,b c', '!', 'ünï', idOf('x')].entries())
      recent.note(id, { revision: BigInt(n), position: 2n ** 63n });
    const loaded = RecentCommands.load(recent.store());
    expect(['a,b c', '!', 'ünï', idOf('x'), 'other'].map((id) => loaded.has(id))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(loaded.store()).toEqual(recent.store());
    recent.note('', { revision: 9n, position: 9n });
    expect(recent.size).toBe(4);
  });
});

describe.each(Object.keys(aggregates) as Category[])('a start with a long stream of %s', (category) => {
  it('reads its snapshot, and a bounded number of events', async () => {
    const lab = new ControllerLab();
    const target = streamRef(category, idOf('long'));
    const name = `${category}-${target.id}`;
    for (let n = 1; lab.store.of(name).length < 1_100 && n < 1_200; n += 1)
      for (const command of roundOf(category, n, after(n)))
        await lab.execute(target, command, undefined, fresh).catch(() => undefined);
    await drained();
    const events = lab.store.of(name).length;
    if (events < 1_000) return; // what is asked at random changes too little
    const other = new ControllerLab(lab.store);
    other.store.eventsRead = 0;
    const { state, revision } = await other.executor.folded(target);
    expect(other.store.eventsRead).toBeLessThanOrEqual(category === 'quota' ? 500 : 1_000);
    expect([revision, state]).toEqual([BigInt(events - 1), (await lab.executor.folded(target)).state]);
  });
});

it('a state that is larger than an append may be is stored in parts, and read again as it was', async () => {
  const lab = new ControllerLab();
  await limits(lab);
  const sizes: number[] = [];
  const append = lab.store.log.append.bind(lab.store.log);
  jest.spyOn(lab.store.log, 'append').mockImplementation((stream, expected, events) => {
    if (stream.startsWith('snapshot-')) sizes.push(Buffer.byteLength(JSON.stringify(events)));
    return append(stream, expected, events);
  });
  for (let n = 0; n < 1_100; n += 1) {
    const reservations = Array.from({ length: 20 }, (_, i) =>
      serverReservation(owner(1_000 + n * 20 + i), { vcpus: 1, ramMb: 1 }),
    );
    await lab.execute(QUOTA, { type: 'ReserveQuota', data: { reservations } }, undefined, fresh);
    if (n % 100 === 99) await setTimeout(50); // a large snapshot is packed beside the loop
  }
  expect(sizes.length).toBeGreaterThan(2);
  expect(Math.max(...sizes)).toBeLessThan(1_000_000);
  const other = new ControllerLab(lab.store);
  other.store.eventsRead = 0;
  const { state } = await other.executor.folded(QUOTA);
  expect(state).toEqual((await lab.executor.folded(QUOTA)).state);
  expect(other.store.eventsRead).toBeLessThan(700);
});
