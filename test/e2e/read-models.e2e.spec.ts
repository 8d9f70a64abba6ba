import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadConfig } from '../../apps/controller/src/config';
import { readModelDatabase } from '../../apps/controller/src/read-model-database';
import { generationsIn } from '../../libs/projections/src/database/generations';
import { projections } from '../../libs/projections/src';
import { whyNoServer } from '../postgres/server';
import { describeWhere } from '../support/describe-where';

import { ADMIN, Cloud, type Credentials, DEMO, eventually } from './cloud';

/** What says when it was asked, or for how long something has run by then, and nothing else of an answer. */
const OF_THE_READING: readonly (readonly [path: RegExp, field: string])[] = [
  // the present moment, four weeks before it, and usage up to it
  [/os-simple-tenant-usage/, 'start'],
  [/os-simple-tenant-usage/, 'stop'],
  [/os-simple-tenant-usage/, 'uptime'],
  [/os-simple-tenant-usage/, 'hours'],
  [/os-simple-tenant-usage/, 'total_(?:hours|memory_mb_usage|vcpus_usage|local_gb_usage)'],
  // when the services were last heard of: now, for those that are up
  [/os-(services|availability-zone)/, 'updated_at'],
  [/os-hypervisors\/\d+\/uptime/, 'uptime'],
];

/** The needed part of the answer to a create request. */
interface Made {
  readonly id?: string;
  readonly server?: { readonly id: string };
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The read models are worth nothing without the log, and everything with it. */
for (const database of ['sqlite', 'postgres'] as const)
  describeWhere(database === 'sqlite' ? null : whyNoServer(), `read models in ${database}`, () => {
    rowsAreBuiltAgain(database);
  });

function rowsAreBuiltAgain(database: 'sqlite' | 'postgres'): void {
  const settings = { CAIRN_DATABASE: database };
  const cloud = new Cloud({ firstPort: 21_200, simulated: 2, cidr: '10.61.0.0/24', bridge: 'brpg', settings });
  const tokens = new Map<Credentials, string>();

  beforeAll(async () => {
    await cloud.up();
    await furnish();
  });
  afterAll(() => cloud.destroy());

  const ask = async (url: string, as?: Credentials, init: RequestInit = {}): Promise<Response> => {
    const token = as === undefined ? '' : (tokens.get(as) ?? '');
    return fetch(url, { ...init, headers: { 'x-auth-token': token, 'content-type': 'application/json' } });
  };

  async function login(as: Credentials): Promise<string> {
    const user = { name: as.user, domain: { id: 'default' }, password: cloud.password(as.user) };
    const scope = { project: { name: as.user, domain: { id: 'default' } } };
    const auth = { identity: { methods: ['password'], password: { user } }, scope };
    const url = `${cloud.url('identity')}/v3/auth/tokens`;
    const answer = await ask(url, undefined, { method: 'POST', body: JSON.stringify({ auth }) });
    return answer.headers.get('x-subject-token') ?? '';
  }

  async function post(path: string, body: object): Promise<Made> {
    const answer = await ask(path, DEMO, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`);
    const text = await answer.text();
    return (text === '' ? {} : JSON.parse(text)) as Made;
  }

  /** An image, a key, and servers: one is stopped, one deleted, one renamed. */
  async function furnish(): Promise<void> {
    for (const as of [ADMIN, DEMO]) tokens.set(as, await login(as));
    const [compute, image] = [`${cloud.url('compute')}/v2.1`, `${cloud.url('image')}/v2/images`];
    const made = await post(image, { name: 'guest', disk_format: 'raw', container_format: 'bare', tags: ['ü', 'A'] });
    const imageId = made.id ?? '';
    const headers = { 'x-auth-token': tokens.get(DEMO) ?? '', 'content-type': 'application/octet-stream' };
    await fetch(`${image}/${imageId}/file`, { method: 'PUT', body: 'bytes', headers });
    await post(`${compute}/os-keypairs`, { keypair: { name: 'key' } });
    const ids: string[] = [];
    for (const name of ['b', 'B', 'ä', 'a', 'Z']) {
      const server = { name, imageRef: imageId, flavorRef: '1', key_name: 'key', metadata: { purpose: name } };
      ids.push((await post(`${compute}/servers`, { server })).server?.id ?? '');
    }
    const statuses = async (): Promise<string[]> => {
      const listed = await ask(`${compute}/servers/detail`, DEMO);
      const { servers } = (await listed.json()) as { servers: { status: string }[] };
      return servers.map(({ status }) => status).sort();
    };
    await eventually(statuses, (seen) => seen.every((status) => status === 'ACTIVE'));
    await post(`${compute}/servers/${ids[0] ?? ''}/action`, { 'os-stop': null });
    await ask(`${compute}/servers/${ids[1] ?? ''}`, DEMO, { method: 'DELETE' });
    await ask(`${compute}/servers/${ids[2] ?? ''}`, DEMO, { method: 'PUT', body: '{"server":{"name":"Ω"}}' });
    await eventually(statuses, (seen) => seen.join() === 'ACTIVE,ACTIVE,ACTIVE,SHUTOFF');
  }

  /** Every list, and every detail that a list names. */
  async function everything(): Promise<ReadonlyMap<string, Answer>> {
    const [identity, compute] = [`${cloud.url('identity')}/v3`, `${cloud.url('compute')}/v2.1`];
    const image = `${cloud.url('image')}/v2`;
    const lists = [
      ...['servers', 'servers/detail', 'servers/detail?sort_key=display_name&sort_dir=asc', 'flavors/detail'],
      ...['os-keypairs', 'os-networks', 'limits', 'os-security-groups', 'servers/detail?name=%5Ea', 'flavors'],
      ...['os-simple-tenant-usage?detailed=1', 'os-availability-zone', 'servers/detail?all_tenants=1&deleted=1'],
      ...['os-hypervisors/detail', 'os-services', 'os-hosts', 'os-availability-zone/detail'],
    ].map((path) => `${compute}/${path}`);
    lists.push(
      ...['users', 'projects', 'roles', 'role_assignments?include_names'].map((path) => `${identity}/${path}`),
    );
    lists.push(...['images', 'images?sort=name:asc', 'images?tag=%C3%BC'].map((path) => `${image}/${path}`));
    const answers = new Map<string, Answer>();
    const look = async (as: Credentials, url: string): Promise<string> => {
      const answer = await ask(url, as);
      const body = await answer.text();
      answers.set(`${as.user} ${url}`, { status: answer.status, body: withoutTheReading(url, body) });
      return body;
    };
    for (const as of [ADMIN, DEMO]) {
      for (const url of lists) {
        const body = await look(as, url);
        for (const detail of new Set(detailsOf(url, body))) await look(as, detail);
      }
    }
    return answers;
  }

  /** A checksum of each table's rows, all columns, by key. */
  async function tables(): Promise<Readonly<Record<string, string>>> {
    const generations = generationsIn(await readModelDatabase(loadConfig(join(cloud.state, 'controller.json'))));
    const reader = await generations.openReader(
      await generations.all(),
      projections.map(({ entity }) => entity),
    );
    const sums: Record<string, string> = {};
    for (const { target, tableName } of reader.entityMetadatas) {
      const rows = await reader.manager.find(target, { order: { id: 'ASC' } });
      sums[`${tableName}, ${String(rows.length)} rows`] = sha256(JSON.stringify(rows));
    }
    await reader.destroy();
    return sums;
  }

  /** Deletes the database while everything runs. */
  async function lose(): Promise<void> {
    if (database === 'sqlite') rmSync(join(cloud.state, 'controller/read-model'), { recursive: true });
    else {
      const socket = join(cloud.state, 'postgres/socket');
      const drop = ['-h', socket, '-U', 'postgres', '-d', 'postgres', '-c', 'DROP DATABASE cairn WITH (FORCE)'];
      const ran = await cloud.run('setpriv', [
        '--reuid=postgres',
        '--regid=postgres',
        '--init-groups',
        'psql',
        ...drop,
      ]);
      if (ran.status !== 0) throw new Error(ran.stderr);
      const answer = await ask(`${cloud.url('compute')}/v2.1/flavors`, DEMO);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    }
  }

  async function startAgain(): Promise<void> {
    const pid = Number(readFileSync(join(cloud.state, 'run/controller.pid'), 'utf8'));
    process.kill(pid, 'SIGTERM');
    await eventually(() => Promise.resolve(isGone(pid)), Boolean);
    await cloud.up();
  }

  /** Until the rows of a group are built again, requests that need them get 503 with Retry-After. */
  async function ready(): Promise<void> {
    const [identity, compute] = [`${cloud.url('identity')}/v3`, `${cloud.url('compute')}/v2.1`];
    const ofEachGroup = [
      ...['flavors', 'servers', 'os-networks', 'os-keypairs', 'os-hypervisors', 'limits'].map((p) => `${compute}/${p}`),
      ...[`${identity}/users`, `${cloud.url('image')}/v2/images`],
    ];
    const statuses = async (): Promise<readonly number[]> =>
      Promise.all(ofEachGroup.map(async (url) => (await ask(url, ADMIN)).status));
    await eventually(statuses, (seen) => !seen.includes(503));
  }

  it('are as before, to the byte, when the database is deleted while the servers run', async () => {
    const [before, rows] = [await everything(), await tables()];
    expect(before.size).toBeGreaterThan(60);
    expect([...before.values()].filter(({ status }) => status === 200).length).toBeGreaterThan(50);
    expect(Object.keys(rows)).toEqual(expect.arrayContaining(['server_v2, 5 rows', 'keypair_v1, 1 rows']));
    for (let rebuild = 1; rebuild <= 2; rebuild += 1) {
      await lose();
      // a PostgreSQL database is made again while the controller runs; deleted files are used on until it ends
      if (database === 'sqlite' || rebuild === 1) await startAgain();
      await ready();
      expect(await everything()).toEqual(before);
      expect(await tables()).toEqual(rows);
    }
    if (database === 'postgres')
      expect((await cloud.cairn('status')).stdout).toMatch(/the database cairn was not there: it is made/);
    const file = join(cloud.state, 'log.jsonl');
    const folded = async (): Promise<string> => {
      const { status, stdout, stderr } = await cloud.cairn('rebuild', '--from', file);
      return `${String(status)} ${stdout} ${stderr}`;
    };
    expect((await cloud.cairn('log', 'export', file)).status).toBe(0);
    expect(await folded()).toMatch(/^0 [^]* events folded in /);
    await ready();
    expect(await everything()).toEqual(before);
    expect(await tables()).toEqual(rows);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"name":"a"', '"name":"z"'));
    expect(await folded()).toMatch(/^1 [^]*cannot be trusted: instance-\S+, revision 0/);
    await cloud.up();
  });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

/** Links to single things in a list's answer, of the list's own service. */
const detailsOf = (list: string, body: string): readonly string[] => {
  const { origin } = new URL(list);
  const own = [...body.matchAll(/"(?:href|self)": ?"([^"]+)"/g)].map(([, href = '']) => href);
  const paths = own.map((href) => (href.startsWith('/') ? origin + href : href));
  return paths.filter((href) => href.startsWith(`${origin}/v`) && !href.includes('bookmark'));
};

function withoutTheReading(url: string, body: string): string {
  const fields = OF_THE_READING.filter(([path]) => path.test(url)).map(([, field]) => field);
  const text = fields.reduce(
    (left, field) => left.replaceAll(new RegExp(`"${field}": ?("[^"]*"|[\\d.]+)`, 'g'), ''),
    body,
  );
  return text;
}
