import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { Cloud } from '../../e2e/cloud';
import type { BenchCloud } from '../bench-cloud';
import type { Figure } from '../figures';
import { type Goal, GOALS } from '../goals';
import { NETWORK } from '../tenant';

const SCRIPT = resolve(process.env['CAIRN_OPENSTACK_BENCH'] ?? '../shared/tools/openstack-bench.mjs');
const SERVERS = 1_000;
const CREATED = `create ${String(SERVERS)}: complete`;

/** What of the script's `--out` file is used; times in milliseconds, rates per second, memory in MiB. */
interface Result {
  readonly table: readonly Row[];
  readonly mem: Readonly<Record<string, { readonly control: Size; readonly agents: Size }>>;
  readonly idle_cpu_percent: number;
}
interface Size {
  readonly pss_mib: number;
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
  const memory = (when: string): number => {
    const found = mem[when];
    if (found === undefined) throw new Error(`the script did not measure memory "${when}"`);
    return found.control.pss_mib + found.agents.pss_mib;
  };
  const rate = (what: string, name: string, goal: Goal): Figure => ({
    what: `script: ${what}`,
    value: row(name).rate,
    ...goal,
  });
  const p50 = (what: string, name: string, goal: Goal = { unit: 'ms', better: 'less' }): Figure => {
    const { p50: value, p95 } = row(name);
    return { what: `script: ${what}, p50`, value, ...goal, note: `p95 ${p95.toFixed(1)} ms` };
  };
  return [
    rate('tokens by password, 16 clients', 'token issue (password) c=16', GOALS.tokens),
    rate('token validations, 16 clients', 'token validate c=16', GOALS.validations),
    p50('create accepted', 'POST /servers accept c=1', GOALS.accepted),
    p50('create to ACTIVE', 'POST -> ACTIVE c=1', GOALS.active),
    p50('stop to SHUTOFF', 'os-stop -> SHUTOFF c=1'),
    p50('start to ACTIVE', 'os-start -> ACTIVE c=1'),
    p50('delete to gone', 'DELETE -> gone c=1'),
    rate('launches to ACTIVE, 16 clients', CREATED, GOALS.launches),
    { what: 'script: processor time of a launch', value: row(CREATED).server_cpu_ms_per_op, ...GOALS.launchCpu },
    rate('deletions to gone, 16 clients', `delete ${String(SERVERS)}: complete`, GOALS.deletions),
    p50('show', 'GET /servers/{id} c=1', GOALS.show),
    p50('list of 100 with details', 'GET /servers/detail (100) c=1', GOALS.list100),
    p50('list of 1,000 with details', `GET /servers/detail (${String(SERVERS)}) c=1`, GOALS.list1000),
    {
      what: 'script: memory of the idle cloud, 20 hosts',
      value: memory('idle'),
      unit: 'MiB',
      better: 'less',
      openstack: GOALS.memory.openstack,
      note: `${idle.toFixed(1)} % of a core; ${memory(`with_${String(SERVERS)}`).toFixed(0)} MiB right after this work, with 1,000 servers`,
    },
  ];
}

/**
 * Runs the script in the cloud of the benchmark: it deletes the servers that it finds. It takes the password as an
 * argument, for all of this machine to see; this one opens nothing else, and ends with the cloud.
 */
async function measure(cloud: Cloud): Promise<Result> {
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
