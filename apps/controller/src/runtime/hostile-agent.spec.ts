import { deriveId, streamRef } from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';
import { agentStream, type HostJob } from '@cairn/host-protocol';
import fc from 'fast-check';

import { anyReport } from '../../../../libs/host-protocol/src/testing/any-report';
import { BOOT, ControllerLab, HOST, INSTANCE } from './testing/controller-lab';
import { inventoryOf } from '../../../../libs/domain/src/testing/model';

/** Events that an agent appends, handed to the relay in the order of the log. */
class Agent {
  private reports = 0;

  constructor(
    private readonly lab: ControllerLab,
    private readonly hostId = HOST.id,
  ) {}

  async append(
    ...reports: readonly { readonly type: string; readonly data: unknown }[]
  ): Promise<readonly RecordedEvent[]> {
    const stream = agentStream(this.hostId);
    const last = await this.lab.store.last(stream);
    const events = reports.map(({ type, data }) => {
      this.reports += 1;
      const id = deriveId(this.hostId, 'report', this.reports);
      return { id, type, data: data as Readonly<Record<string, unknown>>, metadata: {} };
    });
    await this.lab.store.log.append(stream, last?.revision ?? 'no-stream', events);
    return this.lab.store.of(stream).slice(-events.length);
  }
}

const unasked = (n: number): { readonly type: string; readonly data: object } => ({
  type: 'agent.job-succeeded.v2',
  data: {
    effectId: deriveId('unasked', n),
    resource: streamRef('instance', deriveId('nobody', n)),
    generation: 1,
    bootId: BOOT,
    facts: { power: 'running', timings: {} },
  },
});

const answerOf = ({ effectId, resource, generation }: HostJob): { readonly type: string; readonly data: object } => ({
  type: 'agent.job-succeeded.v2',
  data: { effectId, resource, generation, bootId: BOOT, facts: { power: 'running', timings: {} } },
});

async function launching(): Promise<{ readonly lab: ControllerLab; readonly job: HostJob; readonly agent: Agent }> {
  const lab = new ControllerLab();
  await lab.withHost();
  return { lab, job: await lab.withLaunch(), agent: new Agent(lab) };
}

const hostEvents = (lab: ControllerLab, type: string): readonly RecordedEvent[] =>
  lab.store.of(`host-${HOST.id}`).filter((event) => event.type === type);

/** Lets minutes pass, in which the relay saves and records; then stops it. */
async function passMinutes(lab: ControllerLab, minutes: number): Promise<void> {
  const ended = new AbortController();
  const saving = lab.relay.keepSaving(ended.signal);
  for (let minute = 0; minute < minutes; minute += 1) await lab.clock.pass(60_000);
  ended.abort();
  await lab.clock.pass(1);
  await saving;
}

describe('an agent that says what does not fit', () => {
  it('is recorded once a minute, with how often and why', async () => {
    const { lab, agent } = await launching();
    const data = { hostId: HOST.id, bootId: deriveId('next'), inventory: { ...inventoryOf(), vcpus: 'HUGE' } };
    const start = { type: 'agent.started.v1', data };
    for (const event of await agent.append(start, start, { type: 'agent.x.v7', data: {} }))
      await lab.relay.handle(event);
    expect(hostEvents(lab, 'host.reports-refused.v1')).toEqual([]);
    await passMinutes(lab, 2);
    expect(hostEvents(lab, 'host.reports-refused.v1').map((event) => event.data)).toEqual([
      { count: 3, reason: 'agent.started.v1: data.inventory.vcpus' },
    ]);
  });

  it('neither stops the relay nor gets anything recorded beyond its budget, whatever it says', async () => {
    const { lab, job, agent } = await launching();
    const right = {
      'agent.started.v1': { hostId: HOST.id, bootId: BOOT, inventory: inventoryOf() },
      'agent.job-succeeded.v2': answerOf(job).data,
      'agent.job-failed.v2': { ...answerOf(job).data, code: 'disk.failed', message: 'm', permanent: false },
    };
    const before = lab.store.log.all().length;
    const isObject = ({ data }: { data: unknown }): boolean => typeof data === 'object' && data !== null;
    const many = fc.sample(anyReport(right).filter(isObject), { numRuns: 400, seed: 20_261_130 });
    for (const event of await agent.append(...many)) await lab.relay.handle(event);
    await passMinutes(lab, 1);
    const caused = lab.store.log
      .all()
      .slice(before)
      .filter(({ stream }) => !/^(agent|relay)-/.test(stream));
    expect(caused.length).toBeLessThan(50);
    for (const { data } of caused) expect(JSON.stringify(data).length).toBeLessThan(20_000);
    expect((await lab.executor.state(INSTANCE)).vmState).toMatch(/^(building|active|error)$/);
  });

  it('is refused however deep it nests what it says, and its answers are relayed', async () => {
    const { lab, job, agent } = await launching();
    const deep: unknown = JSON.parse(`${'[{"a":'.repeat(50_000)}1${'}]'.repeat(50_000)}`);
    const said = answerOf(job).data;
    const reports = [
      { type: 'agent.job-succeeded.v2', data: { ...said, facts: deep } },
      { type: 'agent.job-succeeded.v2', data: { ...said, resource: deep } },
      {
        type: 'agent.started.v1',
        data: { hostId: HOST.id, bootId: BOOT, inventory: { ...inventoryOf(), cpuInfo: deep } },
      },
      { type: 'agent.drift-detected.v1', data: { bootId: BOOT, kind: 'unknown-domain', name: deep } },
      answerOf(job),
    ];
    for (const event of await agent.append(...reports)) await lab.relay.handle(event);
    expect(await vmState(lab)).toBe('active');
    await passMinutes(lab, 1);
    const counted = hostEvents(lab, 'host.reports-refused.v1').map(({ data }) => Number(data['count']));
    expect(counted).toEqual([expect.any(Number)]);
    expect(counted[0]).toBeGreaterThanOrEqual(3);
  });

  it('is given up where the log does not take what it says, and what comes after is relayed', async () => {
    const { lab, job, agent } = await launching();
    const [bad, good] = await agent.append(unasked(1), answerOf(job));
    const folded = lab.executor.folded.bind(lab.executor);
    jest
      .spyOn(lab.executor, 'folded')
      .mockImplementation((target) =>
        target.id === INSTANCE.id ? folded(target) : Promise.reject(new Error('the store refuses')),
      );
    const relayed = [bad, good].map((event) => lab.relay.handle(event as RecordedEvent));
    for (let second = 0; second < 120; second += 1) await lab.clock.pass(1_000);
    for (const one of relayed) await one;
    expect((await lab.executor.state(INSTANCE)).vmState).toBe('active');
  });
});

describe('an agent that says too much', () => {
  it('leaves evidence of some of it in each minute, and the count of the rest', async () => {
    const { lab, agent } = await launching();
    const flood = Array.from({ length: 300 }, (_, n) => unasked(n));
    for (const event of await agent.append(...flood)) await lab.relay.handle(event);
    await passMinutes(lab, 1);
    const evidence = hostEvents(lab, 'host.result-rejected.v2').length;
    const counted = hostEvents(lab, 'host.reports-refused.v1').map(({ data }) => Number(data['count']));
    expect(evidence).toBe(20);
    expect(counted).toEqual([280]);
  });

  it('does not hold up the reader: the rest is read from its stream, up to an answer at its end', async () => {
    const { lab, job, agent } = await launching();
    const flood = Array.from({ length: 2_000 }, (_, n) => unasked(n));
    const events = await agent.append(...flood, answerOf(job));
    let open = 0;
    const handled = events.map((event) => {
      open += 1;
      return lab.relay.handle(event)?.finally(() => (open -= 1));
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(open).toBeLessThanOrEqual(130); // the reader waits for no more than these
    for (const one of handled) await one;
    for (let i = 0; i < 200 && (await vmState(lab)) !== 'active'; i += 1)
      await new Promise((resolve) => setImmediate(resolve));
    expect(await vmState(lab)).toBe('active');
  });

  it('is read to its end by the next process as well', async () => {
    const { lab, job, agent } = await launching();
    const events = await agent.append(...Array.from({ length: 500 }, (_, n) => unasked(n)), answerOf(job));
    const read = jest.spyOn(lab.store, 'read').mockImplementation(() => {
      throw new Error('away');
    });
    for (const event of events) void lab.relay.handle(event);
    for (let i = 0; i < 50; i += 1) await new Promise((resolve) => setImmediate(resolve));
    read.mockRestore();
    const next = new ControllerLab(lab.store);
    const [last] = await agent.append(unasked(9_999));
    await next.relay.handle(last as RecordedEvent);
    for (let i = 0; i < 200 && (await vmState(next)) !== 'active'; i += 1)
      await new Promise((resolve) => setImmediate(resolve));
    expect(await vmState(next)).toBe('active');
  });
});

const vmState = async (lab: ControllerLab): Promise<string> => (await lab.executor.state(INSTANCE)).vmState;
