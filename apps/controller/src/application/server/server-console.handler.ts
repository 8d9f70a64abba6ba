import { DomainError, hostOf, streamRef } from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { EXECUTOR, RANDOM, REPLIES } from '../core';
import type { Random } from '../../random';
import type { Executor } from '../../runtime/ports';
import { NoReply, type ReplyBroker } from '../../runtime/replies';
import { serverNotFound } from './server-operations.handler';

const PATIENCE_MS = 10_000;

/** The last lines of what a server wrote to its console, as its host has them. Changes nothing. */
export class ReadConsole extends Command<string> {
  constructor(
    readonly instanceId: string,
    /** The project that must own the server; null for administrators. */
    readonly projectId: string | null,
    /** How many lines; null: all that is kept. */
    readonly lines: number | null,
  ) {
    super();
  }
}

@CommandHandler(ReadConsole)
export class ReadConsoleHandler implements ICommandHandler<ReadConsole> {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(REPLIES) private readonly replies: ReplyBroker,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  /** @throws DomainError `not-found`, `instance.not-ready` without a host, `unavailable` when its host is silent. */
  async execute({ instanceId, projectId, lines }: ReadConsole): Promise<string> {
    const instance = await this.executor.state(streamRef('instance', instanceId));
    const { request, vmState } = instance;
    const host = hostOf(instance);
    const isThere = request !== undefined && vmState !== 'deleted';
    if (!isThere || (projectId !== null && request.projectId !== projectId)) throw serverNotFound(instanceId);
    if (host?.claimed !== true)
      throw new DomainError('conflict', 'instance.not-ready', `Instance ${instanceId} is not ready`);
    const resource = streamRef('instance', instanceId);
    const query = { kind: 'read-console', requestId: this.random.uuid(), resource, payload: { lines } } as const;
    try {
      return await this.replies.ask(host.hostId, query, PATIENCE_MS);
    } catch (error) {
      if (!(error instanceof NoReply)) throw error;
      throw new DomainError('unavailable', 'host.no-reply', 'The host of the instance did not answer in time.');
    }
  }
}
