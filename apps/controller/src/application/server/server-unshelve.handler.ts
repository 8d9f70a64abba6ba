import { DomainError, type ImageSpec, type Instance, streamRef } from '@cairn/domain';
import { HostRow, type ReadModel } from '@cairn/projections';
import { Inject } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext, Executor } from '../../runtime/ports';
import { EXECUTOR, READ_MODEL } from '../core';
import { inZones } from '../host-aggregate/zones';
import { imageSpec } from '../image/image-spec';
import { ownServer } from './own-server';
import { hostNotFound, requireOpenZone } from './places';
import { OperateServer } from './server-operations.handler';

export interface UnshelveAsked {
  /** The zone that the server is to be in from now on; null: any. Absent: as before. */
  readonly availabilityZone?: string | null;
  readonly host?: string;
}

/** Brings a shelved server back. */
export class UnshelveServer extends Command<void> {
  constructor(
    readonly instanceId: string,
    /** The project that must own the server; null for administrators. */
    readonly projectId: string | null,
    readonly asked: UnshelveAsked,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(UnshelveServer)
export class UnshelveServerHandler implements ICommandHandler<UnshelveServer> {
  constructor(
    private readonly commands: CommandBus,
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
  ) {}

  /** @throws DomainError `not-found`, `invalid`, or `conflict` for a state that does not allow it. */
  async execute({ instanceId, projectId, asked, context }: UnshelveServer): Promise<void> {
    const server = await ownServer(this.executor, { instanceId, projectId });
    if (server.vmState === 'shelved_offloaded') await this.requirePlace(asked, server.request);
    const input = { ...asked, image: await this.shelvedImage(server) };
    await this.commands.execute(new OperateServer(instanceId, projectId, [{ name: 'unshelve', input }], context));
  }

  /** Null if somebody has deleted it. */
  private async shelvedImage({ shelved }: Instance): Promise<ImageSpec | null> {
    if (shelved === undefined) return null;
    const { status, record, blob } = await this.executor.latest(streamRef('image', shelved.imageId));
    if (status !== 'active' || record === undefined || blob === undefined) return null;
    return imageSpec(record, blob);
  }

  private async requirePlace(
    { availabilityZone, host: name }: UnshelveAsked,
    { availabilityZone: before }: NonNullable<Instance['request']>,
  ): Promise<void> {
    if (availabilityZone === undefined && name === undefined) return;
    const hosts = await inZones(this.executor, await this.readModel.read((all) => all.find(HostRow)));
    if (typeof availabilityZone === 'string') requireOpenZone(hosts, availabilityZone);
    if (name === undefined) return;
    const zone = availabilityZone === undefined ? before : availabilityZone;
    const host = hosts.find((one) => one.name === name);
    if (host === undefined) throw hostNotFound(name);
    if (zone !== null && host.availabilityZone !== zone) {
      const message = `Host "${name}" is not in the availability zone "${zone}".`;
      throw new DomainError('conflict', 'host.other-zone', message);
    }
  }
}
