import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { BenchCloud } from '../bench-cloud';
import type { Figure } from '../figures';
import { NETWORK } from '../tenant';

const SCRIPT = resolve(process.env['CAIRN_OPENSTACK_BENCH'] ?? '../shared/tools/openstack-bench.mjs');
const SERVERS = 1_000;

/** What of the script's `--out` file is used; times in milliseconds, rates per second, memory in MiB. */
interface Result {
  readonly table: readonly Row[];
  readonly mem: Readonly<Record<string, Readonly<Record<'control' | 'agents', { readonly pss_mib: number }>>>>;
  readonly idle_cpu_percent: number;
}
interface Row {
  readonly name: string;
  readonly errors: number;
  readonly p50: number;
  readonly p95: number;
  readonly rate: number;
  readonly server_cpu_ms_per_op: number;
}

/**
 * The very script that OpenStack was measured with, `openstack-bench.mjs`, which knows nothing of Cairn and is not part
 * of it: CAIRN_OPENSTACK_BENCH says where it is. It prints its own table, with more than the figures that are compared.
 * @throws Error when there is no such script, it fails, or any of its requests failed.
 */
export async function script(bench: BenchCloud): Promise<readonly Figure[]> {
  if (!existsSync(SCRIPT)) throw new Error(`there is no ${SCRIPT}: say with CAIRN_OPENSTACK_BENCH where the script is`);
  const { table, mem, idle_cpu_percent: idle } = await measure(bench.cloud);
  const failed = table.filter(({ errors }) => errors > 0).map(({ name }) => name);
  if (failed.length > 0) throw new Error(`requests of the script failed: ${failed.join(', ')}`);
  const row = (name: string): Row => {
    const found = table.find((each) => each.name === name);
    if (found === undefined) throw new Error(`the script did not measure "${name}"`);
    return found;
  };
  const all = ({ control, agents }: NonNullable<Result['mem'][string]>): number => control.pss_mib + agents.pss_mib;
  const full = mem[`with_${String(SERVERS)}`];
  if (mem['idle'] === undefined || full === undefined) throw new Error('the script did not measure memory');
  const [created, deleted] = [row(`create ${String(SERVERS)}: complete`), row(`delete ${String(SERVERS)}: complete`)];
  const rate = (what: string, { rate: value }: Row, bar: number, openstack: number): Figure => ({
    ...{ what, value, bar, openstack, unit: '/s', better: 'more' },
  });
  const p50 = (what: string, name: string, bar?: number, openstack?: number): Figure => {
    const { p50: value, p95 } = row(name);
    const known = { ...(bar === undefined ? {} : { bar }), ...(openstack === undefined ? {} : { openstack }) };
    return { what: `${what}, p50`, value, unit: 'ms', better: 'less', note: `p95 ${p95.toFixed(1)} ms`, ...known };
  };
  return [
    rate('script: tokens by password, 16 clients', row('token issue (password) c=16'), 10, 6.2),
    rate('script: token validations, 16 clients', row('token validate c=16'), 3_000, 84),
    p50('script: create accepted', 'POST /servers accept c=1', 10, 97),
    p50('script: create to ACTIVE', 'POST -> ACTIVE c=1', 60, 825),
    p50('script: stop to SHUTOFF', 'os-stop -> SHUTOFF c=1'),
    p50('script: start to ACTIVE', 'os-start -> ACTIVE c=1'),
    p50('script: delete to gone', 'DELETE -> gone c=1'),
    rate('script: launches to ACTIVE, 16 clients', created, 100, 2.3),
    {
      what: 'script: processor time of a launch',
      value: created.server_cpu_ms_per_op,
      ...{ unit: 'ms', bar: 10, better: 'less', openstack: 844 },
    },
    rate('script: deletions to gone, 16 clients', deleted, 100, 3.6),
    p50('script: show', 'GET /servers/{id} c=1', 3, 52),
    p50('script: list of 100 with details', 'GET /servers/detail (100) c=1', 8),
    p50('script: list of 1,000 with details', `GET /servers/detail (${String(SERVERS)}) c=1`, 50, 2_191),
    {
      what: 'script: memory of the idle cloud, 20 hosts',
      value: all(mem['idle']),
      ...{ unit: 'MiB', better: 'less', openstack: 1.9 * 1_024 + 20 * 135 },
      note: `${idle.toFixed(1)} % of a core; ${all(full).toFixed(0)} MiB right after all this work with 1,000 servers`,
    },
  ];
}

/**
 * Runs the script in the cloud of the benchmark: it deletes the servers that it finds. It takes the password as an
 * argument, for all of this machine to see; this one opens nothing else, and ends with the cloud.
 */
async function measure(cloud: BenchCloud['cloud']): Promise<Result> {
  const out = join(cloud.state, 'openstack-bench.json');
  const options = {
    auth: `${cloud.url('identity')}/v3`,
    user: 'demo',
    password: cloud.password('demo'),
    project: 'demo',
    network: JSON.stringify({ uuid: NETWORK }),
    piddir: join(cloud.state, 'run'),
    agents: '^agent',
    label: 'Cairn',
    n: String(SERVERS),
    sizes: `100,${String(SERVERS)}`,
    out,
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${SCRIPT} ended with ${String(code)}`);
  return JSON.parse(readFileSync(out, 'utf8')) as Result;
}
