import { DomainError, type NetworkSpec, parseCidr, streamRef } from '@cairn/domain';
import { NetworkRow, type ReadModel } from '@cairn/projections';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, EXECUTOR, READ_MODEL, ReadYourWrites, stepOf } from '../core';
import type { ControllerConfig } from '../../config';
import type { CommandContext, Executor } from '../../runtime/ports';
import { segmented } from './segments';

export interface NewNetwork {
  readonly spec: NetworkSpec;
  /** First and last address that instances may get; null: as many as there are. */
  readonly rangeStart: string | null;
  readonly rangeEnd: string | null;
  /** Whose guests it is for; null: everybody's. */
  readonly projectId: string | null;
  readonly priority: number | null;
  /** The project in whose quota it counts. Absent: in nobody's. */
  readonly countsFor?: string;
}

export class CreateNetwork extends Command<void> {
  constructor(
    readonly network: NewNetwork,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CreateNetwork)
export class CreateNetworkHandler implements ICommandHandler<CreateNetwork> {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(CONFIG) private readonly config: Pick<ControllerConfig, 'cloud'>,
    private readonly writes: ReadYourWrites,
  ) {}

  /** @throws DomainError `network.invalid`, or `conflict` with another network's addresses or bridge. */
  async execute({ network, context }: CreateNetwork): Promise<void> {
    const { spec, rangeStart, rangeEnd, projectId, priority, countsFor } = network;
    const others = await this.readModel.read((rows) => rows.findBy(NetworkRow, { deleted: false }));
    for (const other of others) if (other.id !== spec.networkId) requireApart(spec, other);
    const made = await segmented(this.executor, this.config.cloud.network, spec, context);
    const tenancy = { ...(projectId === null ? {} : { projectId }), ...(priority === null ? {} : { priority }) };
    const counting = countsFor === undefined ? {} : { countsFor };
    const command = {
      type: 'CreateNetwork',
      data: { ...made, ...tenancy, ...counting, rangeStart, rangeEnd },
    } as const;
    await this.writes.settled(
      await this.executor.execute(streamRef('network', spec.networkId), command, stepOf(context, 'create')),
    );
  }
}

/** Networks on the same hosts need address ranges and bridges of their own. */
function requireApart(spec: NetworkSpec, other: NetworkRow): void {
  const [ours, theirs] = [parseCidr(spec.cidr), parseCidr(other.cidr)];
  if (ours !== undefined && theirs !== undefined && ours.base <= theirs.broadcast && theirs.base <= ours.broadcast) {
    const message = `Requested cidr (${spec.cidr}) conflicts with existing cidr (${other.cidr})`;
    throw new DomainError('conflict', 'network.overlap', message);
  }
  if (spec.bridge === other.bridge) {
    const message = `Bridge ${spec.bridge} is that of network ${other.label} already.`;
    throw new DomainError('conflict', 'network.bridge-taken', message);
  }
  if (spec.interface !== undefined && spec.interface === other.bridgeInterface) {
    const message = `Interface ${spec.interface} joins the bridges of network ${other.label} already.`;
    throw new DomainError('conflict', 'network.interface-taken', message);
  }
}
