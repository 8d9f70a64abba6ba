import { ensureJob, Lab, removeJob } from './testing/harness';
import { GuestWatch } from './guest-watch';
import type { HostAgent } from './host-agent';
import { silentLog } from './ports/log.port';
import { instanceOf } from './testing/specs';

const ID = instanceOf(1).instanceId;

describe('the watch over guests', () => {
  let lab: Lab;
  let agent: HostAgent;

  beforeEach(async () => {
    lab = new Lab();
    agent = await lab.started();
    await agent.handle(ensureJob(1));
  });

  const reports = (): readonly unknown[] =>
    lab
      .events()
      .filter(({ type }) => type === 'agent.power-changed.v1')
      .map(({ data }) => [data['generation'], data['power'], data['cause']]);

  const look = (): Promise<void> => agent.lookAtGuests();

  it('reports a guest that went off, once, with the generation that had made it run', async () => {
    await look();
    expect(reports()).toEqual([]);
    lab.host.stop(ID);
    await look();
    await look();
    expect(reports()).toEqual([[1, 'stopped', 'The host does not know why.']]);
  });

  it('compares with what the newest job has made of it', async () => {
    await agent.handle(ensureJob(1, 2, { power: 'stopped' }));
    await look();
    expect(reports()).toEqual([]);
    await agent.handle(ensureJob(1, 3, { power: 'running' }));
    lab.host.pause(ID, true);
    await look();
    expect(reports()).toEqual([[3, 'paused', expect.anything()]]);
  });

  it('says nothing of one that comes back at once, nor of one that was removed', async () => {
    lab.host.pause(ID, true);
    const looking = look();
    await lab.clock.sleep(2_000);
    lab.host.pause(ID, false);
    await looking;
    await agent.handle(removeJob(1, 2));
    await look();
    expect(reports()).toEqual([]);
  });

  it('says that a domain was removed behind its back', async () => {
    lab.host.undefine(ID);
    await look();
    expect(reports()).toEqual([[1, 'stopped', 'Its domain was removed from the host.']]);
  });

  it('knows nothing of what happened before the agent started: the restart of the host mends that', async () => {
    lab.host.stop(ID);
    agent = await lab.started();
    await look();
    expect(reports()).toEqual([]);
  });

  it('looks once at what changes at about the same time', async () => {
    const list = jest.fn().mockResolvedValue([]);
    async function* changes(signal: AbortSignal): AsyncGenerator<{ name: string; cause: string }> {
      for (let n = 0; n < 10; n += 1) yield { name: `guest-${String(n)}`, cause: 'It was stopped.' };
      await lab.clock.sleep(10_000, signal);
    }
    const watch = new GuestWatch({
      ...{ bootId: ID, hostId: ID, everyMs: 0, follows: true, clock: lab.clock, log: silentLog },
      hypervisor: { list, changes },
      journal: { present: () => Promise.resolve([]), generation: () => Promise.resolve(undefined) },
      isBusy: () => false,
      append: () => Promise.resolve(),
    });
    const closed = new AbortController();
    const watching = watch.run(closed.signal);
    await lab.clock.sleep(1_000);
    closed.abort();
    await watching;
    expect(list).toHaveBeenCalledTimes(1);
  });

  it('looks when the hypervisor tells of a change', async () => {
    const closed = new AbortController();
    const watching = agent.watch(closed.signal);
    lab.host.stop(ID);
    await lab.clock.sleep(4_000);
    closed.abort();
    await watching;
    expect(reports()).toEqual([[1, 'stopped', 'The simulated guest changed.']]);
  });
});
