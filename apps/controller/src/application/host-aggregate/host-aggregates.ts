import {
  aggregateHasNoHost,
  aggregatesByHost,
  type AggregateHost,
  type CommandOf,
  HOST_AGGREGATES,
  type HostAggregate,
  hostAggregateNotFound,
  streamName,
  streamRef,
} from '@cairn/domain';
import type { HostRow } from '@cairn/projections';
import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Executor } from '../../runtime/ports';
import { EXECUTOR, Writes } from '../core';
import { HostQuery } from '../host/host.query';

type ChangeCommand = Exclude<CommandOf<'hostaggregates'>, { readonly type: 'CreateHostAggregate' }>;

type AggregateChange = Pick<Extract<ChangeCommand, { readonly type: 'UpdateHostAggregate' }>['data'], 'name' | 'zone'>;

/**
 * Host aggregates, as their only stream has them. It decides about names and zones; whether hosts have servers, which their
 * own streams know, is counted before, as in nova: a launch at the same moment may be missed.
 */
@Injectable()
export class HostAggregateWrites {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly hosts: HostQuery,
    private readonly writes: Writes,
  ) {}

  /** Read from the log, so that a new or deleted one shows at once. @throws DomainError `host-aggregate.not-found`. */
  async find(number: number): Promise<HostAggregate> {
    const { byNumber } = await this.executor.state(HOST_AGGREGATES);
    return byNumber.get(String(number)) ?? refuse(number);
  }

  async create(uuid: string, name: string, zone: string | null, context: CommandContext): Promise<HostAggregate> {
    const command = { type: 'CreateHostAggregate', data: { uuid, name, zone } } as const;
    const created = await this.writes.execute(HOST_AGGREGATES, command, context);
    if (created === undefined) throw new Error(`the host aggregate ${uuid} was created and is not there`);
    return created;
  }

  async update(number: number, change: AggregateChange, context: CommandContext): Promise<HostAggregate> {
    const occupied = await this.isOccupied(number);
    return this.changed({ type: 'UpdateHostAggregate', data: { number, ...change, occupied } }, context);
  }

  async setMetadata(
    number: number,
    metadata: Readonly<Record<string, string | null>>,
    context: CommandContext,
  ): Promise<HostAggregate> {
    const occupied = await this.isOccupied(number);
    return this.changed({ type: 'SetHostAggregateMetadata', data: { number, metadata, occupied } }, context);
  }

  /** @throws DomainError `host.not-found`, before anything is said of the aggregate. */
  async addHost(number: number, name: string, context: CommandContext): Promise<HostAggregate> {
    const host = hostOf(await this.hosts.named(name));
    const data = { number, host, servers: await this.serversOn(host) };
    return this.changed({ type: 'AddAggregateHost', data }, context);
  }

  /** @throws DomainError in the same words for a host that is not there and for one that is not in the aggregate. */
  async removeHost(number: number, name: string, context: CommandContext): Promise<HostAggregate> {
    const row = await this.hosts.byName(name);
    if (row === null) throw aggregateHasNoHost(number, name);
    const host = hostOf(row);
    const data = { number, host, servers: await this.serversOn(host) };
    return this.changed({ type: 'RemoveAggregateHost', data }, context);
  }

  /** The numbers of the aggregates that a host is in. */
  async ofHost(hostId: string): Promise<readonly number[]> {
    const state = await this.executor.latest(HOST_AGGREGATES);
    return (aggregatesByHost(state).get(hostId) ?? []).map(({ number }) => number);
  }

  async delete(number: number, context: CommandContext): Promise<void> {
    await this.writes.execute(HOST_AGGREGATES, { type: 'DeleteHostAggregate', data: { number } }, context);
  }

  /** The aggregate after a change of it. @throws DomainError `host-aggregate.not-found` where it is gone since. */
  private async changed(command: ChangeCommand, context: CommandContext): Promise<HostAggregate> {
    return (await this.writes.execute(HOST_AGGREGATES, command, context)) ?? refuse(command.data.number);
  }

  private async isOccupied(number: number): Promise<boolean> {
    const { hosts } = await this.find(number);
    const servers = await Promise.all(hosts.map((host) => this.serversOn(host)));
    return servers.some((count) => count > 0);
  }

  /** Servers that have claimed the host, launched there or about to be. */
  private async serversOn({ hostId }: AggregateHost): Promise<number> {
    const { claims } = await this.executor.latest(streamRef('host', hostId));
    return new Set([...claims.values()].map(({ owner }) => streamName(owner))).size;
  }
}

const hostOf = ({ id, name }: HostRow): AggregateHost => ({ hostId: id, name });

function refuse(number: number): never {
  throw hostAggregateNotFound(number);
}
