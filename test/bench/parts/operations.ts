import type { BenchCloud } from '../bench-cloud';
import type { Figure } from '../figures';
import { GOALS } from '../goals';
import { json, rest } from '../rest';
import { createMany, deleteAll } from './launches';
import { sweep } from './sweep';

const SERVERS = 500;
const LARGER = { id: 'bench.larger', name: 'bench.larger', vcpus: 2, ram: 128, disk: 1 };

interface Action {
  readonly name: string;
  readonly body: object;
  /** That of the answer; nova's is 202 for most. */
  readonly status?: number;
  /** The status of a server that the action is done with. */
  readonly leadsTo: string;
}

/** Each begins where the one before it has led to. */
const ACTIONS: readonly Action[] = [
  { name: 'pause', body: { pause: null }, leadsTo: 'PAUSED' },
  { name: 'unpause', body: { unpause: null }, leadsTo: 'ACTIVE' },
  { name: 'suspend', body: { suspend: null }, leadsTo: 'SUSPENDED' },
  { name: 'resume', body: { resume: null }, leadsTo: 'ACTIVE' },
  { name: 'resize', body: { resize: { flavorRef: LARGER.id } }, leadsTo: 'VERIFY_RESIZE' },
  { name: 'confirm of a resize', body: { confirmResize: null }, status: 204, leadsTo: 'ACTIVE' },
];

/** Every operation on all servers of a project, 16 clients at once; then an image of each. */
export async function operations(bench: BenchCloud): Promise<readonly Figure[]> {
  const { tenant } = bench;
  await bench.admin.compute(200, 'POST', '/flavors', { flavor: LARGER });
  await createMany(bench, SERVERS, 'operated');
  const ids = (await tenant.list()).map(({ id }) => id);
  const figures: Figure[] = [];
  const act = async ({ name, body, status = 202 }: Action, done: () => Promise<number>): Promise<void> => {
    const one = (index: number): Promise<unknown> =>
      tenant.compute(status, 'POST', `/servers/${ids[index] ?? ''}/action`, body);
    const { perSecond, cpuMsEach } = await sweep(bench, SERVERS, one, done);
    const note = `${cpuMsEach.toFixed(1)} ms of processor time each`;
    figures.push({
      what: `${name} of ${String(SERVERS)} servers, 16 clients`,
      value: perSecond,
      ...GOALS.operations,
      note,
    });
  };
  for (const action of ACTIONS) await act(action, async () => (await tenant.list(`&status=${action.leadsTo}`)).length);
  const snapshot = { name: 'image', body: { createImage: { name: 'operated' } }, leadsTo: 'ACTIVE' };
  await act(snapshot, () => activeImages(bench, 'operated'));
  await deleteAll(bench);
  return figures;
}

/** Images of that name whose data is all there. */
async function activeImages({ cloud, tenant: { token } }: BenchCloud, name: string): Promise<number> {
  let found = 0;
  let next: string | undefined = `/v2/images?name=${name}&status=active&limit=500`;
  while (next !== undefined) {
    const page = json(await rest(200, 'GET', `${cloud.url('image')}${next}`, { 'x-auth-token': token }));
    const { images, next: more } = page as { images: readonly unknown[]; next?: string };
    found += images.length;
    next = more;
  }
  return found;
}
