import { addressesOf, bindingId, DomainError, instanceRef, type StreamRef, streamRef } from '@cairn/domain';
import { FloatingIpRow, type ReadModel } from '@cairn/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Executed, Executor } from '../../runtime/ports';
import { EXECUTOR, READ_MODEL, ReadYourWrites, stepOf } from '../core';

const stream = (id: string) => streamRef('floatingip', id);

/** Floating IPs of projects: who has which, and what they lead to. */
@Injectable()
export class FloatingIps {
  constructor(
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: ReadYourWrites,
  ) {}

  /** @param projectId whose it must be; null for anybody's. */
  find(number: number, projectId: string | null): Promise<FloatingIpRow | undefined> {
    return this.one({ number }, projectId);
  }

  at(address: string, projectId: string | null): Promise<FloatingIpRow | undefined> {
    return this.one({ address }, projectId);
  }

  /** All of them, of every project. */
  all(): Promise<readonly FloatingIpRow[]> {
    return this.readModel.read((rows) => rows.find(FloatingIpRow, { order: { number: 'ASC', id: 'ASC' } }));
  }

  async release({ id }: FloatingIpRow, context: CommandContext): Promise<void> {
    const command = { type: 'ReleaseFloatingIp', data: {} } as const;
    const released = await this.executor.execute(stream(id), command, stepOf(context, 'release'));
    await this.writes.settled(released, ...(await this.tellFormer(id, context)));
  }

  /**
   * Leads the address to a port of the server, which then shows it. It leaves the server that it led to before.
   * @param fixedAddress of the port; null for the first. @throws DomainError `invalid` for a server without such a port.
   */
  async associate(
    { id, address }: FloatingIpRow,
    instanceId: string,
    fixedAddress: string | null,
    context: CommandContext,
  ): Promise<void> {
    const holder = instanceRef(instanceId);
    const instance = await this.executor.state(streamRef('instance', instanceId));
    const ports = addressesOf(instance).filter((one) => fixedAddress === null || one.address === fixedAddress);
    const [port] = ports;
    if (port === undefined)
      throw new DomainError(
        'invalid',
        'floating-ip.no-port',
        fixedAddress === null
          ? 'No fixed IPs associated to instance'
          : 'Specified fixed address not assigned to instance',
      );
    const { claimId: portId, network, address: fixed } = port;
    const target = { holder, portId, networkId: network.networkId, fixedAddress: fixed };
    const command = { type: 'AssociateFloatingIp', data: target } as const;
    const done: Executed[] = [await this.executor.execute(stream(id), command, stepOf(context, 'associate'))];
    const { association } = await this.executor.state(stream(id));
    // somebody else may have led it elsewhere meanwhile
    if (association?.portId === portId) {
      const { associationId } = association;
      const bind = { type: 'BindFloatingIp', data: { floatingIpId: id, associationId, address, portId } } as const;
      done.push(
        await this.toHolder(holder, bind, {
          ...context,
          commandId: bindingId(associationId),
          causationId: context.commandId,
        }),
      );
    }
    await this.writes.settled(...done, ...(await this.tellFormer(id, context)));
  }

  /** @throws DomainError `floating-ip.not-associated` for one that does not lead to that server. */
  async disassociate({ id }: FloatingIpRow, instanceId: string, context: CommandContext): Promise<void> {
    const command = { type: 'DisassociateFloatingIp', data: { holder: instanceRef(instanceId) } } as const;
    const done = await this.executor.execute(stream(id), command, stepOf(context, 'disassociate'));
    await this.writes.settled(done, ...(await this.tellFormer(id, context)));
  }

  /** Former holders show the address no more when the answer goes out. What fails here the floating IP owes all the same. */
  private async tellFormer(id: string, context: CommandContext): Promise<readonly Executed[]> {
    const { ended } = await this.executor.state(stream(id));
    const told = await Promise.all(
      ended.map(({ associationId, holder }) => {
        const unbind = { type: 'UnbindFloatingIp', data: { floatingIpId: id, associationId } } as const;
        return this.toHolder(holder, unbind, stepOf(context, `unbind/${associationId}`)).catch(() => undefined);
      }),
    );
    return told.filter((one) => one !== undefined);
  }

  private toHolder(
    { id }: StreamRef,
    command: Parameters<Executor['execute']>[1] & { readonly type: 'BindFloatingIp' | 'UnbindFloatingIp' },
    context: CommandContext,
  ): Promise<Executed> {
    return this.executor.execute(streamRef('instance', id), command, context);
  }

  private async one(values: Partial<FloatingIpRow>, projectId: string | null): Promise<FloatingIpRow | undefined> {
    const rows = await this.readModel.rowsWith(FloatingIpRow, values);
    return rows.find((row) => projectId === null || row.projectId === projectId);
  }
}
