import { own } from '@cairn/domain';
import type { DocumentedCloud, Method } from './documented-cloud';
import { KNOWN_OPERATIONS, type KnownOperation, SERVER_ACTIONS } from './known-operations';
import type { ServedRoute } from './served-routes';

/** A call that a reference lists and Cairn does not serve, with the status that an administrator gets for it. */
export interface Refusal extends KnownOperation {
  readonly status: number;
}

/** Of a resource: how many of its calls the reference lists, and which of them are refused. */
export interface ResourceRefusals {
  readonly service: string;
  readonly resource: string;
  readonly listed: number;
  readonly refused: readonly Refusal[];
}

/** Every parameter is as good as every other. */
const shapeOf = (path: string): string => path.replace(/\{[^}]*\}/g, '{}').replace(/(.)\/$/, '$1');

/** `/servers/{id}/os-interface` is about os-interface, `/v3/users/{id}/groups` about users. */
export function resourceOf({ service, path }: Pick<KnownOperation, 'service' | 'path'>): string {
  const parts = path.split('/').slice(1);
  if (service !== 'compute') return parts.slice(0, 2).join('/');
  return parts[0] === 'servers' && parts[2] !== undefined ? `servers/{id}/${parts[2]}` : (parts[0] ?? '');
}

function servedShapes(routes: readonly ServedRoute[]): ReadonlySet<string> {
  // Fastify answers HEAD wherever there is a GET
  const calls = routes.flatMap(({ service, method, path }) =>
    (method === 'GET' ? ['GET', 'HEAD'] : [method]).map((each) => `${service} ${each} ${shapeOf(path)}`),
  );
  return new Set(calls);
}

/** A served path may be more general: `/v2/schemas/{name}` serves `/v2/schemas/image`. */
function isServed({ service, method, path }: KnownOperation, shapes: ReadonlySet<string>): boolean {
  const parts = shapeOf(path).split('/');
  const general = parts.map((_part, i) => parts.map((part, at) => (at === i && i === parts.length - 1 ? '{}' : part)));
  return [parts, ...general].some((each) => shapes.has(`${service} ${method} ${each.join('/')}`));
}

function urlOf(
  { service, path }: KnownOperation,
  { server, image, flavor, project }: DocumentedCloud['known'],
): string {
  const values: Readonly<Record<string, string | undefined>> = {
    server_id: server,
    image_id: image,
    flavor_id: flavor,
    project_id: project,
    tenant_id: project,
  };
  const url = path.replace(/\{([^}]*)\}/g, (_all, name: string) => values[name] ?? 'x');
  return service === 'compute' ? `/v2.1${url}` : url;
}

/** Makes every call that the references list and no route serves. */
export async function refusals(
  cloud: DocumentedCloud,
  routes: readonly ServedRoute[],
): Promise<readonly ResourceRefusals[]> {
  const shapes = servedShapes(routes);
  const byResource = new Map<string, { listed: number; refused: Refusal[] }>();
  for (const operation of KNOWN_OPERATIONS) {
    const key = `${operation.service} ${resourceOf(operation)}`;
    const entry = byResource.get(key) ?? { listed: 0, refused: [] };
    byResource.set(key, { listed: entry.listed + 1, refused: entry.refused });
    if (isServed(operation, shapes)) continue;
    const method = operation.method as Method;
    const body = ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined;
    const status = await cloud.status(operation.service, method, urlOf(operation, cloud.known), body, 'admin');
    entry.refused.push({ ...operation, status });
  }
  return [...byResource]
    .map(([key, entry]) => {
      const [service = '', resource = ''] = key.split(' ');
      return { service, resource, ...entry };
    })
    .filter(({ refused }) => refused.length > 0);
}

/** The value of an action, where null is not enough. */
const ARGUMENTS: Readonly<Record<string, object>> = {
  'os-getConsoleOutput': { length: 1 },
  'os-getRDPConsole': { type: 'rdp-html5' },
  'os-getSerialConsole': { type: 'serial' },
  'os-getSPICEConsole': { type: 'spice-html5' },
  'os-getVNCConsole': { type: 'novnc' },
  reboot: { type: 'SOFT' },
  'os-resetState': { state: 'active' },
};

/** The first microversion of actions that were not always there. */
const SINCE: Readonly<Record<string, number>> = { trigger_crash_dump: 17 };

export interface ActionAnswer {
  readonly action: string;
  readonly status: number;
}

/** Asks a running server for every action there is; the one that ends it comes last. */
export async function serverActions(cloud: DocumentedCloud): Promise<readonly ActionAnswer[]> {
  const answers: ActionAnswer[] = [];
  const inOrder = [...SERVER_ACTIONS].sort((a, b) => Number(a === 'forceDelete') - Number(b === 'forceDelete'));
  for (const action of inOrder) {
    const body = { [action]: ARGUMENTS[action] ?? null };
    const url = `/v2.1/servers/${cloud.known['server'] ?? ''}/action`;
    const minor = own(SINCE, action) ?? 1;
    answers.push({ action, status: await cloud.status('compute', 'POST', url, body, 'admin', minor) });
  }
  return answers;
}
