import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describeWhere } from '../support/describe-where';
import { Cloud, type Ran } from './cloud';

/** Connection string of an EventStoreDB with an empty log: this test's cloud stays in it. */
const REAL = process.env['CAIRN_TEST_EVENTSTORE'];

describeWhere(
  REAL === undefined ? 'CAIRN_TEST_EVENTSTORE names no EventStoreDB' : null,
  'a cloud whose log is an EventStoreDB of its own',
  () => {
    const options = { firstPort: 36_200, simulated: 2, cidr: '10.62.0.0/24', bridge: 'br62', latency: 0 };
    const cloud = new Cloud({ ...options, settings: { CAIRN_EVENTSTORE_URL: REAL ?? '' } });
    /** Started by somebody who does not name the log, or names none. */
    const started = (...how: readonly string[]): Promise<Ran> =>
      cloud.run('env', [...how, './infra/cloud/up.sh'], { timeoutMs: 300_000 });

    beforeAll(() => cloud.up());
    afterAll(() => cloud.destroy());

    it('comes up on it, says how it is, and keeps no secret where others could read it', async () => {
      const { status, stdout } = await cloud.cairn('status');
      expect(status).toBe(0);
      expect(stdout).toMatch(/^eventstore {3}EventStoreDB 2\d\.\d+\.\d+, leader /m);
      expect(readFileSync(join(cloud.state, 'controller.json'), 'utf8')).not.toMatch(/esdb:\/\/[^"]*@/);
      expect(statSync(join(cloud.state, 'store-url')).mode & 0o077).toBe(0);
    });

    it('shows what was made after the controller was killed', async () => {
      await cloud.openstack(['flavor', 'create', 'real-1', '--ram', '64', '--disk', '1', '--vcpus', '1']);
      process.kill(cloud.pid('controller') ?? 0, 'SIGKILL');
      await cloud.up();
      expect(await cloud.openstack(['flavor', 'show', 'real-1'])).toMatchObject({ name: 'real-1' });
      expect((await cloud.cairn('verify')).stdout).toMatch(/all chains hold/);
    });

    it('goes on without the setting, and is not started with a log of its own', async () => {
      expect((await started('-u', 'CAIRN_EVENTSTORE_URL')).status).toBe(0);
      const refused = await started('CAIRN_EVENTSTORE_URL=');
      expect(refused.status).toBe(1);
      expect(refused.stderr).toMatch(/this cloud's log is [0-9a-f-]{36}, and the embedded store here is empty/);
    });
  },
);
