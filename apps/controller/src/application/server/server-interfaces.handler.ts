import { addressesOf, addressRefusal, DomainError, type NetworkChoice, newPortId } from '@cairn/domain';
import type { ReadModel } from '@cairn/projections';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext, Executor } from '../../runtime/ports';
import { EXECUTOR, READ_MODEL, stepOf } from '../core';
import { networkNotFound, usableNetwork, usableNetworks } from '../network/usable-networks';
import { AwaitedOperations } from './awaited-operations';
import { ownServer } from './own-server';

/** An interface to be. Without a network it is in the only one that there is. */
export type WantedInterface = Omit<NetworkChoice, 'networkId'> & { readonly networkId: string | null };

/** Gives a server an interface more, and waits for that, as nova does. Answers with the id of its port. */
export class AttachInterface extends Command<string> {
  constructor(
    readonly instanceId: string,
    /** The project that must own the server; null for administrators. */
    readonly projectId: string | null,
    readonly wanted: WantedInterface,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(AttachInterface)
export class AttachInterfaceHandler implements ICommandHandler<AttachInterface> {
  constructor(
    private readonly operations: AwaitedOperations,
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
  ) {}

  /**
   * @throws DomainError in nova's words: `not-found` also for a network, `invalid` where it is not said which one or the
   * address is outside, `conflict` for an address in use, for a state that does not allow it, and where the host fails.
   */
  async execute({ instanceId, projectId, wanted, context }: AttachInterface): Promise<string> {
    const { request, operation, interfaces } = await ownServer(this.executor, { instanceId, projectId });
    const input = { ...wanted, networkId: wanted.networkId ?? (await this.onlyNetwork(request.projectId)) };
    const operationId = stepOf(context, 'attachInterface').commandId;
    const isRepeat =
      operation?.operationId === operationId || interfaces.some(({ id }) => id === newPortId(operationId));
    if (!isRepeat) await this.requireFree(input, request.projectId);
    const end = await this.operations.carryOut(instanceId, projectId, { name: 'attachInterface', input }, context);
    if (end !== null && end !== 'under way') throw refusalOf(end, instanceId);
    return newPortId(operationId);
  }

  private async onlyNetwork(projectId: string): Promise<string> {
    const [network, another] = await usableNetworks(this.readModel, projectId);
    if (network !== undefined && another === undefined) return network.id;
    const message =
      network === undefined
        ? 'No specific network was requested and none are available.'
        : 'More than one possible network found. Specify network ID(s) to select which one(s) to connect to.';
    throw new DomainError('invalid', 'network.ambiguous', message);
  }

  /** What can be known at once; the network's own stream decides when it gives out the address. */
  private async requireFree({ networkId, address }: NetworkChoice, projectId: string): Promise<void> {
    const network = await usableNetwork(this.executor, networkId, projectId);
    if (network === undefined) throw networkNotFound(networkId);
    const refusal = address === null ? undefined : addressRefusal(network, address);
    if (refusal !== undefined) throw refusal;
  }
}

/** Refusals of networks are for the tenant to mend; any other failure is the host's. */
function refusalOf({ code, message }: { readonly code: string; readonly message: string }, id: string): DomainError {
  switch (code) {
    case 'network.address-in-use':
      return new DomainError('conflict', code, message);
    case 'network.not-found':
      return new DomainError('not-found', code, message);
    case 'network.no-more-addresses':
    case 'network.address-outside':
      return new DomainError('invalid', code, message);
    default:
      return new DomainError('conflict', code, `Failed to attach network adapter device to ${id}: ${message}`);
  }
}

/** Takes an interface from a server, and waits for that, so that the server takes the next operation at once. */
export class DetachInterface extends Command<void> {
  constructor(
    readonly instanceId: string,
    /** The project that must own the server; null for administrators. */
    readonly projectId: string | null,
    /** Of one of its ports, or the fixed address of one. */
    readonly which: { readonly portId: string } | { readonly address: string },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(DetachInterface)
export class DetachInterfaceHandler implements ICommandHandler<DetachInterface> {
  constructor(
    private readonly operations: AwaitedOperations,
    @Inject(EXECUTOR) private readonly executor: Executor,
  ) {}

  /** @throws DomainError `not-found`, `invalid` for an address that the server does not have, `conflict` for its state. */
  async execute({ instanceId, projectId, which, context }: DetachInterface): Promise<void> {
    const server = await ownServer(this.executor, { instanceId, projectId });
    const input = { portId: 'portId' in which ? which.portId : portAt(server, which.address) };
    await this.operations.carryOut(instanceId, projectId, { name: 'detachInterface', input }, context);
  }
}

function portAt(server: Parameters<typeof addressesOf>[0], address: string): string {
  const port = addressesOf(server).find((one) => one.address === address);
  if (port !== undefined) return port.claimId;
  const message = `Instance ${server.request?.instanceId ?? ''} does not have fixed IP '${address}'.`;
  throw new DomainError('invalid', 'instance.no-such-address', message);
}
