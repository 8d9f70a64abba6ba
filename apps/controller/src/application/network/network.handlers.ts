import { DomainError, type NetworkSpec, overlapV6, parseCidr, parseCidrV6, streamRef } from '@cairn/domain';
import { NetworkRow, type ReadModel } from '@cairn/projections';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CONFIG, EXECUTOR, READ_MODEL, ReadYourWrites, stepOf } from '../core';
import type { ControllerConfig } from '../../config';
import type { CommandContext, Executor } from '../../runtime/ports';
import { newRange } from './new-range';
import { Segments, type Unsegmented } from './segments';

export interface NewNetwork extends Unsegmented {
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
  private readonly segments: Segments;

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(CONFIG) config: Pick<ControllerConfig, 'cloud'>,
    private readonly writes: ReadYourWrites,
  ) {
    this.segments = new Segments(executor, config.cloud.network);
  }

  /** @throws DomainError `network.invalid`, or `conflict` with another network's addresses, VLAN or bridge. */
  async execute({ network, context }: CreateNetwork): Promise<void> {
    const made = await this.segments.given(network, context);
    try {
      await this.create({ ...network, spec: made }, context);
    } catch (error) {
      if (error instanceof DomainError) await this.segments.giveBack(made, stepOf(context, 'refused'));
      throw error;
    }
    await this.segments.confirm(made, context);
  }

  private async create(
    { spec, projectId, priority, countsFor, ...asked }: NewNetwork,
    context: CommandContext,
  ): Promise<void> {
    const others = await this.readModel.read((rows) => rows.findBy(NetworkRow, { deleted: false }));
    for (const other of others) if (other.id !== spec.networkId) requireApart(spec, other);
    const usual = newRange(spec);
    const range = { rangeStart: asked.rangeStart ?? usual.rangeStart, rangeEnd: asked.rangeEnd ?? usual.rangeEnd };
    const tenancy = { ...(projectId === null ? {} : { projectId }), ...(priority === null ? {} : { priority }) };
    const counting = countsFor === undefined ? {} : { countsFor };
    const command = { type: 'CreateNetwork', data: { ...spec, ...tenancy, ...counting, ...range } } as const;
    const target = streamRef('network', spec.networkId);
    await this.writes.settled(await this.executor.execute(target, command, stepOf(context, 'create')));
  }
}

const overlapping = (asked: string, existing: string): DomainError =>
  new DomainError(
    'conflict',
    'network.overlap',
    `Requested cidr (${asked}) conflicts with existing cidr (${existing})`,
  );

/** Networks on the same hosts need address ranges and bridges of their own. */
function requireApart(spec: NetworkSpec, other: NetworkRow): void {
  const [ours, theirs] = [parseCidr(spec.cidr), parseCidr(other.cidr)];
  if (ours !== undefined && theirs !== undefined && ours.base <= theirs.broadcast && theirs.base <= ours.broadcast)
    throw overlapping(spec.cidr, other.cidr);
  const [ourV6, theirV6] = [spec.ipv6?.cidr ?? '', other.ipv6?.cidr ?? ''];
  const [our6, their6] = [parseCidrV6(ourV6), parseCidrV6(theirV6)];
  if (our6 !== undefined && their6 !== undefined && overlapV6(our6, their6)) throw overlapping(ourV6, theirV6);
  if (spec.bridge === other.bridge) {
    const message = `Bridge ${spec.bridge} is that of network ${other.label} already.`;
    throw new DomainError('conflict', 'network.bridge-taken', message);
  }
  const areTagged = spec.segment !== undefined || other.vlan !== null;
  if (spec.interface !== undefined && spec.interface === other.bridgeInterface && !areTagged) {
    const message = `Interface ${spec.interface} joins the bridges of network ${other.label} already.`;
    throw new DomainError('conflict', 'network.interface-taken', message);
  }
}
