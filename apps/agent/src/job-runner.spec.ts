import { resultEventId } from '@cairn/host-protocol';

import { ImageUnusable, JobFailure, Retryable } from './ports/errors';
import { ensureJob, Lab, rebootJob, rebuildJob, removeJob } from './testing/harness';
import { instanceOf, networkOf, nicOf } from './testing/specs';

describe('JobRunner', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
  });
  const runs = (n: number): boolean => lab.host.domains.get(instanceOf(n).instanceId)?.running === true;
  const starts = (n: number): number => lab.host.domains.get(instanceOf(n).instanceId)?.starts ?? 0;

  it('makes an instance run and says so in the agent’s stream, with how long the parts took', async () => {
    const agent = await lab.started();
    const job = { ...ensureJob(1), correlationId: 'req-7' };
    await agent.handle(job);
    expect(runs(1)).toBe(true);
    const { effectId, resource, generation } = job;
    expect(lab.results(job)).toMatchObject([
      {
        id: resultEventId(effectId),
        type: 'agent.job-succeeded.v2',
        data: {
          effectId,
          resource,
          generation,
          bootId: agent.bootId,
          facts: { power: 'running', virtType: 'simulated', imageCached: false },
        },
        metadata: { commandId: effectId, $correlationId: 'req-7', bootId: agent.bootId },
      },
    ]);
    const facts = lab.results(job)[0]?.data['facts'] as { timings: object };
    expect(facts.timings).toEqual({ image: 200, disk: 30, network: 0, start: 250 });
  });

  it('tells how far a job is that asks for it, before the outcome, and nothing else', async () => {
    const agent = await lab.started();
    await agent.handle(ensureJob(1));
    const asked = { ...rebuildJob(1, 2), tells: ['taken', 'cleared'] as const };
    await agent.handle(asked);
    expect(lab.results(ensureJob(1)).map(({ type }) => type)).toEqual(['agent.job-succeeded.v2']);
    expect(lab.results(asked).map(({ type, data: { step } }) => [type, step])).toEqual([
      ['agent.job-progressed.v1', 'taken'],
      ['agent.job-progressed.v1', 'cleared'],
      ['agent.job-succeeded.v2', undefined],
    ]);
    await agent.handle(asked);
    expect(lab.results(asked)).toHaveLength(4);
    const reboot = { ...rebootJob(1, 3), tells: ['ready'] as const };
    await agent.handle(reboot);
    expect(lab.results(reboot)).toMatchObject([{ data: { step: 'ready' } }, { type: 'agent.job-succeeded.v2' }]);
  });

  it('plugs the NICs of the spec before the guest starts', async () => {
    const nics = [nicOf(1, networkOf(1)), nicOf(1, networkOf(2))];
    await (await lab.started()).handle(ensureJob(1, 1, { nics }));
    expect([...lab.host.ports.values()].map((port) => port.nic)).toEqual(nics);
    expect(lab.host.violations).toEqual([]);
  });

  it('does a repeated job once, and appends its recorded outcome again', async () => {
    const agent = await lab.started();
    const job = ensureJob(1);
    await agent.handle(job);
    await agent.handle(job);
    const next = await lab.started();
    await next.handle(job);
    const [first, second, third] = lab.results(job);
    expect(starts(1)).toBe(1);
    expect([second?.id, third?.id]).toEqual([first?.id, first?.id]);
    expect([second?.data, third?.data]).toEqual([first?.data, first?.data]);
  });

  it('does the same job once when it comes twice at the same time', async () => {
    const agent = await lab.started();
    await Promise.all([agent.handle(rebootJob(1)), agent.handle(rebootJob(1))]);
    expect(starts(1)).toBe(1);
    expect(lab.results(rebootJob(1))).toHaveLength(2);
  });

  it('stops, starts, reboots and removes', async () => {
    const agent = await lab.started();
    await agent.handle(ensureJob(1, 1));
    await agent.handle(ensureJob(1, 2, { power: 'stopped' }));
    expect(runs(1)).toBe(false);
    await agent.handle(ensureJob(1, 3));
    await agent.handle(rebootJob(1, 4, 'soft'));
    expect(starts(1)).toBe(3);
    await agent.handle(removeJob(1, 5));
    expect([lab.host.domains.size, lab.host.disks.size, lab.host.ports.size]).toEqual([0, 0, 0]);
    expect(lab.results(removeJob(1, 5))).toMatchObject([{ data: { facts: { power: 'absent' } } }]);
  });

  it('answers superseded to a job of an older generation, and does nothing, also after a restart', async () => {
    await (await lab.started()).handle(removeJob(1, 7));
    const late = ensureJob(1, 6);
    await (await lab.started()).handle(late);
    await (await lab.started()).handle(late);
    expect(lab.host.domains.size).toBe(0);
    expect(lab.results(late)).toMatchObject([
      { type: 'agent.job-superseded.v2', data: { newestGeneration: 7 } },
      { type: 'agent.job-superseded.v2', data: { newestGeneration: 7 } },
    ]);
  });

  it('gives up a launch that waits for its image when the instance is to be removed', async () => {
    const stuck = { ensure: () => new Promise<never>(() => undefined), prune: () => Promise.resolve() };
    const agent = await lab.started({ images: stuck });
    await Promise.all([agent.handle(ensureJob(1, 1)), agent.handle(removeJob(1, 2))]);
    expect(lab.results(ensureJob(1, 1))).toMatchObject([{ type: 'agent.job-superseded.v2' }]);
    expect(lab.results(removeJob(1, 2))).toMatchObject([{ type: 'agent.job-succeeded.v2' }]);
    expect(lab.host.disks.size).toBe(0);
  });

  it('runs jobs of one instance one after the other, those of others beside it', async () => {
    const agent = await lab.started();
    await Promise.all([1, 2, 3, 4].flatMap((n) => [agent.handle(ensureJob(n, 1)), agent.handle(rebootJob(n, 2))]));
    expect(lab.host.violations).toEqual([]);
    expect([1, 2, 3, 4].every(runs)).toBe(true);
  });

  it.each([
    [new ImageUnusable('i-1', 'it is corrupt'), { code: 'image.unusable', permanent: true, message: /it is corrupt/ }],
    [
      new JobFailure('disk.failed', 'disk full', false),
      { code: 'disk.failed', permanent: false, message: /disk full/ },
    ],
    [
      Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' }),
      { code: 'disk.failed', permanent: false, message: /The host has no room on its disk/ },
    ],
    [
      new Error('ports', { cause: Object.assign(new Error('quota'), { code: 'EDQUOT' }) }),
      { code: 'disk.failed', permanent: false, message: /The host has no room on its disk/ },
    ],
  ])('makes a failed job of %s', async (error, { code, permanent, message }) => {
    const disks = {
      ensure: () => Promise.reject(error),
      discard: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    };
    await (await lab.started({ disks })).handle(ensureJob(1));
    expect(lab.results(ensureJob(1))).toMatchObject([{ type: 'agent.job-failed.v2', data: { code, permanent } }]);
    expect(String(lab.results(ensureJob(1))[0]?.data['message'])).toMatch(message);
  });

  it('tells nothing of an error that nobody foresaw', async () => {
    const secret = new Error("EACCES: permission denied, open '/var/lib/cairn/token-abc'");
    const disks = {
      ensure: () => Promise.reject(secret),
      discard: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    };
    await (await lab.started({ disks })).handle(ensureJob(1));
    const [failed] = lab.results(ensureJob(1));
    expect(failed).toMatchObject({ type: 'agent.job-failed.v2', data: { code: 'agent.internal', permanent: false } });
    expect(JSON.stringify(failed?.data)).not.toMatch(/token|EACCES|var/);
  });

  it('decides nothing while the world is not ready, and does the job when it is given again', async () => {
    let ready = false;
    const network = {
      ensurePort: () => Promise.reject(new Error('not used')),
      applySecurity: () => Promise.resolve(),
      applyPeers: () => Promise.resolve('192.0.2.1'),
      removePorts: () => (ready ? Promise.resolve() : Promise.reject(new Retryable('not yet'))),
      applyNames: () => Promise.resolve(),
      networks: () => Promise.resolve([]),
      ensureFloatingIp: () => Promise.resolve(),
      removeFloatingIp: () => Promise.resolve(),
      tend: () => Promise.resolve([]),
      inspect: () => Promise.resolve([]),
      mend: () => Promise.resolve(),
      down: () => Promise.resolve(),
    };
    const agent = await lab.started({ network });
    await expect(agent.handle(removeJob(1))).rejects.toThrow(Retryable);
    expect(lab.results(removeJob(1))).toEqual([]);
    ready = true;
    await agent.handle(removeJob(1));
    expect(lab.results(removeJob(1))).toMatchObject([{ type: 'agent.job-succeeded.v2' }]);
  });

  it('refuses a job of another host', async () => {
    const agent = await lab.started();
    await expect(agent.handle({ ...ensureJob(1), hostId: 'another' })).rejects.toThrow(/is for host another/);
    expect(lab.host.domains.size).toBe(0);
  });

  it('reboots a stopped guest by starting it', async () => {
    const agent = await lab.started();
    await agent.handle(ensureJob(1, 1, { power: 'stopped' }));
    await agent.handle(rebootJob(1, 2));
    expect([runs(1), starts(1)]).toEqual([true, 1]);
  });
});
