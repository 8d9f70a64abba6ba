import { join } from 'node:path';

import { Cloud, type CloudOptions } from '../e2e/cloud';
import { until } from './load';
import { Processes, sum } from './machine';
import { json, rest } from './rest';
import { seed, type Size } from './seed';
import { type Access, Tenant } from './tenant';

export const FIRST_PORT = Number(process.env['CAIRN_BENCH_PORT'] ?? 25_200);
export const HOSTS = 20;

/** A cloud of the benchmark's own: simulated hosts that take no time, all else real and durable. */
export class BenchCloud {
  readonly processes: Processes;
  readonly image: string;
  readonly tenant: Tenant;

  private constructor(
    readonly cloud: Cloud,
    private readonly parts: { readonly image: string; readonly tenant: Tenant; readonly admin: Tenant },
  ) {
    this.processes = new Processes(join(cloud.state, 'run'));
    this.image = parts.image;
    this.tenant = parts.tenant;
  }

  get admin(): Tenant {
    return this.parts.admin;
  }

  /**
   * Starts it and makes it ready for as many servers as are asked of it: a flavor, an image, no limits.
   * @param other what this cloud has otherwise than a single one
   */
  static async start(nodeFlags = '', past?: Size, other: Partial<CloudOptions> = {}): Promise<BenchCloud> {
    process.env['CAIRN_NODE_FLAGS'] = nodeFlags;
    const cloud = new Cloud({
      firstPort: FIRST_PORT,
      simulated: HOSTS,
      latency: 0,
      cidr: '10.77.0.0/20',
      bridge: 'brbench',
      ...other,
    });
    try {
      if (past !== undefined) await seed(join(cloud.state, 'eventstore'), past);
      await cloud.up();
      await pastRead(cloud);
      return await BenchCloud.furnish(cloud);
    } catch (error) {
      await cloud.destroy();
      throw error;
    }
  }

  private static async furnish(cloud: Cloud): Promise<BenchCloud> {
    const [admin, tenant] = await Promise.all(['admin', 'demo'].map((user) => Tenant.login(accessOf(cloud, user))));
    if (admin === undefined || tenant === undefined) throw new Error('no way in');
    const flavor = { id: 'bench', name: 'bench', vcpus: 1, ram: 64, disk: 1 };
    await admin.compute(200, 'POST', '/flavors', { flavor });
    const quota = { quota_set: { instances: -1, cores: -1, ram: -1 } };
    await admin.compute(200, 'PUT', `/os-quota-sets/${tenant.projectId}`, quota);
    return new BenchCloud(cloud, { image: await imageFor(cloud, admin), tenant, admin });
  }

  /** Resolves when the processes have nothing left to do of what was there at their start. */
  async settled(): Promise<void> {
    for (let before = sum(this.processes.cpu().values()); ;) {
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const now = sum(this.processes.cpu().values());
      if (now - before < 0.3) return;
      before = now;
    }
  }

  login(): Promise<Tenant> {
    return Tenant.login(accessOf(this.cloud, 'demo'));
  }

  end(): Promise<void> {
    return this.cloud.destroy();
  }
}

const accessOf = (cloud: Cloud, user: string): Access => ({
  identity: cloud.url('identity'),
  compute: cloud.url('compute'),
  user,
  password: cloud.password(user),
  project: user,
});

/** A long past is folded before anything is answered. */
async function pastRead(cloud: Cloud): Promise<void> {
  await until(async () => {
    const { status } = await fetch(`${cloud.url('compute')}/v2.1/flavors`);
    return status !== 503; // 401: the request has no token
  }, 1);
}

async function imageFor(cloud: Cloud, { token }: Tenant): Promise<string> {
  const images = `${cloud.url('image')}/v2/images`;
  const headers = { 'x-auth-token': token };
  const asked = { name: 'bench', disk_format: 'raw', container_format: 'bare', visibility: 'public' };
  const { id } = json(await rest(201, 'POST', images, headers, asked)) as { id: string };
  await rest(204, 'PUT', `${images}/${id}/file`, headers, Buffer.alloc(1024 * 1024, 7));
  return id;
}
