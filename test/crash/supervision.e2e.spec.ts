import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

import { Cloud, eventually } from '../e2e/cloud';

import { processesOf } from './traces';

const PROCESSES = ['redis', 'eventstore', 'controller', 'agent'] as const;

describe('a process that dies', () => {
  const cloud = new Cloud({ firstPort: 23_300, simulated: 1, cidr: '10.213.33.0/24', bridge: 'brcrash3', latency: 0 });
  beforeAll(() => cloud.up());
  afterAll(() => cloud.destroy());

  const kill = (name: string): number => {
    const pid = cloud.pid(name) ?? NaN;
    process.kill(pid, 'SIGKILL');
    return pid;
  };
  const comesBack = (name: string, after: number): Promise<number | undefined> =>
    eventually(
      () => Promise.resolve(cloud.pid(name)),
      (pid) => pid !== undefined && pid !== after,
      { everyMs: 50 },
    );
  const deaths = (name: string): readonly string[] => {
    const file = join(cloud.state, 'run', `${name}.deaths`);
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };

  it.each(PROCESSES)('comes back by itself: %s [runbook process-killed]', async (name) => {
    await comesBack(name, kill(name));
    const status = await cloud.cairn('status');
    expect(status.stdout).toMatch(
      new RegExp(`${name} +runs, .*died 1 time\\(s\\), last: .* status 137 .*again after 0 s`),
    );
    expect(status.status).toBe(0);
  });

  it('leaves the cloud as it was [runbook process-killed]', async () => {
    await cloud.up();
    const services = await eventually(
      () => cloud.openstack<{ State: string }[]>(['compute', 'service', 'list']),
      (list) => list.every(({ State }) => State === 'up'),
    );
    expect(services.length).toBeGreaterThan(0);
  });

  it('is started later each time while it cannot run, and runs when it can', async () => {
    const config = join(cloud.state, 'agent.json');
    renameSync(config, `${config}.away`);
    kill('agent');
    const died = await eventually(
      () => Promise.resolve(deaths('agent')),
      (lines) => lines.length >= 4,
    );
    expect(died.slice(1, 4).map((line) => /again after (\d+) s/.exec(line)?.[1])).toEqual(['0', '1', '2']);
    renameSync(`${config}.away`, config);
    await cloud.up();
    expect((await cloud.cairn('status')).stdout).toMatch(/agent +runs/);
  });

  it('whose supervisor was killed, too, is taken into care again by `up`', async () => {
    const agent = cloud.pid('agent');
    kill('agent.supervisor');
    expect((await cloud.cairn('status')).stdout).toMatch(/nobody would start it again/);
    await cloud.up();
    expect(cloud.pid('agent')).toBe(agent);
    await comesBack('agent', kill('agent'));
  });

  it('does not come back after `down`, which leaves no process', async () => {
    await cloud.down();
    expect(processesOf(cloud)).toEqual([]);
    expect((await cloud.cairn('status')).stdout.match(/is down/g)).toHaveLength(PROCESSES.length);
  });
});
