import {
  deriveId,
  type Instance,
  type OperationName,
  type OperationRequest,
  taskState,
  type VmState,
} from '@cairn/domain';

import { actionWord } from '../../apps/controller/src/api/openstack/compute/servers/server-action';
import { startsOf, TENANT_REQUESTS } from '../../libs/domain/src/testing/operations';

import type { Random } from '../sim/random';

import type { Answer, Tenant } from './tenant';

export type Kind = 'launch' | OperationName;

/** What hosts are asked for, each operation in the variant that comes last: a guest need not listen to it. */
export const ASKED: readonly OperationRequest[] = TENANT_REQUESTS.filter(
  (request, i) => startsOf(request).length > 0 && TENANT_REQUESTS[i + 1]?.name !== request.name,
);

/** One request of a round, and what came of it. */
export interface Operation {
  readonly kind: Kind;
  readonly key: string;
  /** The server it is about, or the servers that a launch asks for: their ids follow from its key. */
  servers: readonly string[];
  readonly name: string;
  answer: Answer | undefined;
}

/** Servers by their state: what may be asked of them. */
export type Choice = ReadonlyMap<VmState, readonly string[]>;

/** How many servers a round leaves behind, more or less. */
export interface Mix {
  readonly launches: number;
  readonly population: number;
}

/** The operations of a round, drawn from its seed: one for each server. */
export function drawOperations(random: Random, round: string, tenant: Tenant, choice: Choice, mix: Mix): Operation[] {
  const left = new Map([...choice].map(([vmState, ids]) => [vmState, shuffled(random, ids)]));
  const take = (vmState: VmState, count: number): readonly string[] => left.get(vmState)?.splice(0, count) ?? [];
  const about = (kind: Exclude<Kind, 'launch'>, servers: readonly string[]): Operation[] =>
    servers.map((id) => operationOn(kind, round, id));
  const there = [...left.values()].flat().length;
  const surplus = Math.max(1, there + mix.launches - mix.population);
  const deletes = [...take('stopped', Math.floor(surplus / 2)), ...take('active', Math.ceil(surplus / 2))];
  const launches = Array.from({ length: mix.launches }, (_, i) => {
    const key = `${round}/launch/${String(i)}`;
    return launchOf(tenant, key, `${round}-${String(i)}`.replaceAll('/', '-'), i === 0 ? 2 : 1);
  });
  return shuffled(random, [
    ...launches,
    ...about('delete', deletes),
    ...ASKED.flatMap((request) =>
      about(
        request.name,
        startsOf(request)
          .flatMap((vmState) => take(vmState, 2))
          .slice(0, 2),
      ),
    ),
  ]);
}

export const operationOn = (kind: Exclude<Kind, 'launch'>, round: string, id: string): Operation => ({
  kind,
  key: `${round}/${kind}/${id}`,
  servers: [id],
  name: '',
  answer: undefined,
});

export function launchOf(tenant: Tenant, key: string, name: string, count = 1): Operation {
  return { kind: 'launch', key, servers: idsOf(commandOf(tenant, key), count), name, answer: undefined };
}

/**
 * Whatever the first try of a launch had reserved may have been given up before it was repeated: then the repeat is a
 * command of its own. The answer says which it was.
 */
export function serversByAnswer(tenant: Tenant, { key, servers, answer }: Operation): readonly string[] {
  const replaced = idsOf(deriveId(commandOf(tenant, key), 'again'), servers.length);
  return JSON.stringify(answer ?? '').includes(replaced[0] ?? '') ? replaced : servers;
}

const commandOf = ({ projectId, userId }: Tenant, key: string): string =>
  deriveId('idempotency', projectId, userId, 'create-server', key);

const idsOf = (command: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => deriveId(command, 'instance', i));

/** Sends the request; a repeat is the same command, by its key. */
export async function send(tenant: Tenant, operation: Operation, image: string, flavor = '1'): Promise<Answer> {
  const { kind, key, servers, name } = operation;
  const [id = ''] = servers;
  const action = (body: object): Promise<Answer> => tenant.ask('POST', `/servers/${id}/action`, body, key);
  switch (kind) {
    case 'launch': {
      const count = { min_count: servers.length, max_count: servers.length };
      return tenant.ask('POST', '/servers', { server: { name, imageRef: image, flavorRef: flavor, ...count } }, key);
    }
    case 'delete':
      return tenant.ask('DELETE', `/servers/${id}`, undefined, key);
    default:
      return action(bodyOf(kind));
  }
}

function bodyOf(name: OperationName): object {
  if (name === 'reboot') return { reboot: { type: 'HARD' } };
  const word = actionWord(name);
  if (word === undefined) throw new Error(`no word of the API asks for ${name} alone`);
  return { [word]: null };
}

/** A 2xx: the caller may rely on it. */
export const isAccepted = ({ answer }: Operation): boolean =>
  answer?.status !== undefined && answer.status >= 200 && answer.status < 300;

/** No answer, or one that says that nobody knows: it may have happened. */
export const isOpen = ({ answer }: Operation): boolean =>
  answer?.status === undefined || answer.status === 503 || answer.status === 504;

/** Still on its way: not answered, or accepted and not at its end in the log. */
export function isInFlight(operation: Operation, find: (id: string) => Instance | undefined): boolean {
  if (operation.answer === undefined) return true;
  return isAccepted(operation) && !operation.servers.every((id) => isAtRest(find(id)));
}

/** Nothing is asked of it that has not come to its end. */
export const isAtRest = (instance: Instance | undefined): boolean =>
  instance?.request !== undefined && (instance.vmState === 'deleted' || taskState(instance) === null);

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const rest = [...items];
  return items.map(() => rest.splice(random.int(0, rest.length - 1), 1)[0] as T);
}
