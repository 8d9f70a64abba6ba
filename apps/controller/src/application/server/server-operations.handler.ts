import {
  commandOf,
  doesJob,
  DomainError,
  later,
  operationNamed,
  type OperationRequest,
  streamRef,
} from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CLOCK, EXECUTOR, stepOf } from '../core';
import type { Clock, CommandContext, Executed, Executor } from '../../runtime/ports';
import { ownServer, serverNotFound } from './own-server';
import { ServerWrites } from './server-writes';

/** How long to wait for a deletion without a host to end: it takes a few appends. */
const LOCAL_DELETION_LIMIT_MS = 1_000;
const LOCAL_DELETION_LOOK_MS = 10;

/** Carries out operations on one server, in order, until the server refuses one. */
export class OperateServer extends Command<void> {
  constructor(
    readonly instanceId: string,
    /** The project that must own the server; null for administrators. For other projects the server does not exist. */
    readonly projectId: string | null,
    readonly operations: readonly OperationRequest[],
    readonly context: CommandContext,
  ) {
    super();
  }
}

/** The instance's own refusal does not say which it is. */
const named =
  (id: string) =>
  (error: unknown): never => {
    throw error instanceof DomainError && error.code === 'instance.not-found' ? serverNotFound(id) : error;
  };

const stream = (id: string) => streamRef('instance', id);

@CommandHandler(OperateServer)
export class OperateServerHandler implements ICommandHandler<OperateServer> {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly writes: ServerWrites,
  ) {}

  /**
   * @throws DomainError `not-found` (also: not yours), `conflict` for a state that does not allow it, or `unsupported` for
   * what the server's host does not do.
   */
  async execute({ instanceId, projectId, operations, context }: OperateServer): Promise<void> {
    // A deleted server refuses the command itself, unless it has carried it out before: a repeated deletion, above all.
    const { host } = await ownServer(this.executor, { instanceId, projectId });
    if (host !== undefined) await this.requireAble(host.hostId, operations);
    let last: Executed | undefined;
    for (const operation of operations) {
      const caller = { projectId: context.actor.projectId, isAdmin: projectId === null };
      const step = { ...stepOf(context, operation.name), caller };
      const command = commandOf(operation, this.clock.now());
      last = await this.executor.execute(stream(instanceId), command, step).catch(named(instanceId));
    }
    if (operations.some(({ name }) => name === 'delete')) last = await this.whenGone(instanceId, context, last);
    if (last !== undefined) await this.writes.settled([[instanceId, last]]);
  }

  private async requireAble(hostId: string, operations: readonly OperationRequest[]): Promise<void> {
    const { inventory } = await this.executor.state(streamRef('host', hostId));
    for (const { name, input } of operations) {
      const operation = operationNamed(name);
      if (operation.kind === 'host' && !doesJob(operation.job(input).kind, inventory?.capabilities))
        throw new DomainError('unsupported', 'host.lacks-job', 'The requested functionality is not supported.');
    }
  }

  /**
   * Waits for the end of a deletion that no host has a part in, since nova then deletes at once. Its clients rely on
   * that: `server delete --wait` takes the ERROR of a server that never ran for a failure of the deletion.
   */
  private async whenGone(
    instanceId: string,
    context: CommandContext,
    asked: Executed | undefined,
  ): Promise<Executed | undefined> {
    const until = later(this.clock.now(), LOCAL_DELETION_LIMIT_MS);
    while (this.clock.now() < until) {
      const { vmState, debts } = await this.executor.state(stream(instanceId));
      if (debts.some(({ kind }) => kind === 'domain')) return asked;
      if (vmState === 'deleted') {
        // a repeat changes nothing and returns the position of the end in the log
        const command = commandOf({ name: 'delete', input: {} }, this.clock.now());
        return this.executor.execute(stream(instanceId), command, stepOf(context, 'delete'));
      }
      await this.clock.sleep(LOCAL_DELETION_LOOK_MS);
    }
    return asked;
  }
}
