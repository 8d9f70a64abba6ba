import { DomainError, mayUseNetwork, type Network, streamRef } from '@cairn/domain';
import { NetworkRow, type ReadModel } from '@cairn/projections';
import type { Executor } from '../../runtime/ports';

/** The oldest first. */
export const byAge = (one: NetworkRow, other: NetworkRow): number =>
  one.createdAt + one.id < other.createdAt + other.id ? -1 : 1;

/** Those with a priority first, in its order, then the oldest first. */
export const byPriority = (one: NetworkRow, other: NetworkRow): number => {
  const [first, second] = [one.priority ?? Infinity, other.priority ?? Infinity];
  return first === second ? byAge(one, other) : first - second;
};

/** As `mayUseNetwork`, of a row: a VLAN is for one project. */
export const isUsable = ({ projectId: whose, vlan }: NetworkRow, projectId: string): boolean =>
  whose === projectId || (whose === null && vlan === null);

/** Networks that guests of the project may have ports in, in the order in which a server gets them that asks for none. */
export async function usableNetworks(
  readModel: Pick<ReadModel, 'rowsWith'>,
  projectId: string,
): Promise<readonly NetworkRow[]> {
  const rows = await readModel.rowsWith(NetworkRow, { deleted: false });
  return rows.filter((row) => isUsable(row, projectId)).sort(byPriority);
}

/** One of them by its own stream; undefined for a network that is not there or not for the project. */
export async function usableNetwork(
  executor: Pick<Executor, 'state'>,
  networkId: string,
  projectId: string,
): Promise<Network | undefined> {
  const network = await executor.state(streamRef('network', networkId));
  return network.exists && !network.deleted && mayUseNetwork(network, projectId) ? network : undefined;
}

export const networkNotFound = (id: string): DomainError =>
  new DomainError('not-found', 'network.not-found', `Network ${id} could not be found.`);
