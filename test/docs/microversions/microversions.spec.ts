import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MICROVERSIONS } from '../../../apps/controller/src/api/openstack/compute/shared/microversions';
import { ComputeCloud } from '../../../apps/controller/src/api/openstack/compute/testing/compute-cloud';
import { ROOT } from '../documents';
import { expectBlocks, WRITING } from '../generated';
import { answerTo, type Known, type Probe, probes, snapshot } from './probes';

/** Servers with actions, a group, an aggregate and a key. */
async function furnished(cloud: ComputeCloud): Promise<Known> {
  const made = async (path: string, body: object): Promise<Readonly<Record<string, { readonly id: string }>>> =>
    (await cloud.ask('admin', 'POST', path, body)).body as Readonly<Record<string, { readonly id: string }>>;
  const aggregate = await made('/os-aggregates', { aggregate: { name: 'a' } });
  const group = await made('/os-server-groups', { server_group: { name: 'g', policies: ['affinity'] } });
  await made('/os-keypairs', { keypair: { name: 'laptop' } });
  const tenant = cloud.tenant();
  const [server, tenantServer] = [await cloud.launch('admin'), await cloud.launch(tenant)];
  for (const id of [server, tenantServer]) await cloud.finishLaunch(id);
  const lock = async (who: string, id: string): Promise<string> => {
    await cloud.ask(who, 'POST', `/servers/${id}/action`, { lock: null });
    const { body } = await cloud.ask(who, 'GET', `/servers/${id}/os-instance-actions`);
    const { instanceActions } = body as { readonly instanceActions: readonly { readonly request_id: string }[] };
    return instanceActions[0]?.request_id ?? '';
  };
  const [action, tenantAction] = [await lock('admin', server), await lock(tenant, tenantServer)];
  await cloud.caughtUp();
  const unlocked = await cloud.launch(tenant);
  await cloud.finishLaunch(unlocked);
  await answerTo(snapshot({ tenant, unlocked }), 1, cloud);
  const deleted = await cloud.launch('admin');
  await cloud.ask('admin', 'DELETE', `/servers/${deleted}`);
  await cloud.releaseDebts(deleted);
  await cloud.caughtUp();
  const resized = await cloud.launch('admin');
  await cloud.finishLaunch(resized);
  await cloud.ask('admin', 'POST', `/servers/${resized}/action`, { resize: { flavorRef: '2' } });
  await cloud.finishMove(resized);
  await cloud.caughtUp();
  const groupId = group['server_group']?.id ?? '';
  return {
    server,
    tenant,
    tenantServer,
    action,
    tenantAction,
    unlocked,
    deleted,
    resized,
    group: groupId,
    aggregate: String(aggregate['aggregate']?.id),
  };
}

describe('docs/microversions.md', () => {
  let cloud: ComputeCloud;
  let asked: readonly Probe[];
  const seen = new Map<number, readonly string[]>();

  beforeAll(async () => {
    cloud = await ComputeCloud.start();
    asked = probes(await furnished(cloud));
    let before = await Promise.all(asked.map((probe) => answerTo(probe, 1, cloud)));
    for (const { minor } of MICROVERSIONS) {
      const answers = await Promise.all(asked.map((probe) => answerTo(probe, minor, cloud)));
      const changed = asked.filter((_, i) => answers[i] !== before[i]).map(({ name }) => name);
      seen.set(minor, changed);
      before = answers;
    }
  }, 120_000);
  afterAll(() => cloud.close());

  it('has a line for each of them, one after the other', () => {
    expect(MICROVERSIONS.map(({ minor }) => minor)).toEqual(Array.from({ length: 92 }, (_, i) => i + 2));
  });

  const documented = readFileSync(join(ROOT, 'docs/microversions.md'), 'utf8').split('\n');

  it.each(MICROVERSIONS)('says of 2.$minor where its change is seen', ({ minor, change }) => {
    const line = lineOf(minor, change, seen.get(minor) ?? []);
    if (!WRITING) expect(documented.filter((each) => each.startsWith(`| 2.${String(minor)} |`))).toEqual([line]);
  });

  it('is what the service does (npm run docs writes it)', () => {
    const lines = MICROVERSIONS.map(({ minor, change }) => lineOf(minor, change, seen.get(minor) ?? []));
    const rows = ['| Microversion | What it changes | Seen in |', '| --- | --- | --- |', ...lines].join('\n');
    expectBlocks('microversions.md', { microversions: rows });
  });
});

const lineOf = (minor: number, change: string, places: readonly string[]): string =>
  `| 2.${String(minor)} | ${change} | ${places.join(', ')} |`;
