import { DomainError, isForOneProject, streamRef } from '@cairn/domain';
import { NetworkRow, type ReadModel } from '@cairn/projections';
import type { CommandContext, Executor } from '../../runtime/ports';
import { stepOf } from '../core/command-context';
import { type NameKind, UniqueNames } from '../core/unique-names';
import { byPriority } from './usable-networks';

/** Which network a project got when it first needed one: a second request of the same moment gets the same. */
const FIRST_NETWORKS: NameKind = {
  category: 'network',
  registry: 'projectnetworks',
  keeps: async (executor, networkId, projectId) => {
    const { exists, deleted, projectId: whose } = await executor.state(streamRef('network', networkId));
    return exists && !deleted && (whose === null || whose === projectId);
  },
};

/** nova's NoMoreNetworks. */
export const noneLeft = (): DomainError =>
  new DomainError('invalid', 'network.none-left', 'No more available networks.');

/** Gives projects that have no network one that no project has, as nova's VlanManager. */
export class ProjectNetworks {
  private readonly first: UniqueNames;

  constructor(
    private readonly executor: Executor,
    private readonly readModel: Pick<ReadModel, 'rowsWith'>,
  ) {
    this.first = new UniqueNames(executor, FIRST_NETWORKS);
  }

  /**
   * @returns the id of the network that the project has from now on; of several at once, all get the same.
   * @throws DomainError `network.none-left`
   */
  async take(projectId: string, context: CommandContext): Promise<string> {
    const others = new Set<string>();
    for (;;) {
      const networkId = (await this.first.holder(projectId)) ?? (await this.choose(projectId, others, context));
      if (networkId === undefined) continue; // another request has chosen at the same time
      if (await this.associate(networkId, projectId, context)) {
        await this.first.confirm(projectId, networkId, stepOf(context, networkId));
        return networkId;
      }
      others.add(networkId); // another project was faster
      await this.first.release(projectId, networkId, stepOf(context, networkId));
    }
  }

  /** Undefined: somebody else has chosen for the project. */
  private async choose(
    projectId: string,
    others: ReadonlySet<string>,
    context: CommandContext,
  ): Promise<string | undefined> {
    const rows = await this.readModel.rowsWith(NetworkRow, { deleted: false });
    const isFree = ({ id, vlan, projectId: whose }: NetworkRow): boolean =>
      vlan !== null && whose === null && !others.has(id);
    const [chosen] = rows.filter(isFree).sort(byPriority);
    if (chosen === undefined) throw noneLeft();
    return (await this.first.claimed(projectId, chosen.id, stepOf(context, chosen.id))) ? chosen.id : undefined;
  }

  /** @returns whether the project has it now. */
  private async associate(networkId: string, projectId: string, context: CommandContext): Promise<boolean> {
    const target = streamRef('network', networkId);
    const has = async (): Promise<boolean> => {
      const { exists, deleted, spec, projectId: whose } = await this.executor.latest(target);
      return exists && !deleted && isForOneProject(spec) && whose === projectId;
    };
    if (await has()) return true;
    try {
      const command = { type: 'AssociateNetwork', data: { projectId } } as const;
      await this.executor.execute(target, command, stepOf(context, `associate-${networkId}`));
      return true;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return has();
    }
  }
}
