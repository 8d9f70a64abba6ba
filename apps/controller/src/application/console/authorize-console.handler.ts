import { later, streamRef } from '@cairn/domain';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import type { ControllerConfig } from '../../config';
import type { Principal } from '../../identity/authenticator';
import type { Keyring } from '../../keyring';
import type { Clock, CommandContext, Executor } from '../../runtime/ports';
import { CLOCK, CONFIG, EXECUTOR, KEYRING } from '../core';
import { AskGuest } from '../server/ask-guest';
import { consoleToken, tokenHashOf } from './console-token';
import { consoleKind, type ConsoleProtocol, requireConsole } from './console-types';

/** A console that somebody asks for, in nova's words. */
export interface ConsoleAsked {
  readonly instanceId: string;
  /** The project that must own the server; null for administrators. */
  readonly projectId: string | null;
  readonly protocol: ConsoleProtocol;
  readonly type: string;
}

/** Gives a user a token for a console of a server. */
export class AuthorizeConsole extends Command<string> {
  constructor(
    readonly asked: ConsoleAsked,
    readonly principal: Principal,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(AuthorizeConsole)
export class AuthorizeConsoleHandler implements ICommandHandler<AuthorizeConsole> {
  constructor(
    private readonly guests: AskGuest,
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: ControllerConfig,
  ) {}

  /**
   * @returns the token, which nothing else knows
   * @throws DomainError `not-found`; a conflict for a server without a guest in memory; `invalid` for a console that
   *   Cairn does not serve
   */
  async execute({ asked, principal, context }: AuthorizeConsole): Promise<string> {
    const { instanceId, projectId, protocol, type } = asked;
    const instance = await this.guests.guest(instanceId, projectId);
    const kind = consoleKind(protocol, type);
    requireConsole(instanceId, instance, protocol);
    const token = consoleToken(this.keyring, instanceId, context.commandId);
    const grant = {
      tokenHash: tokenHashOf(token),
      kind,
      hostId: instance.hostId,
      holder: await this.holderOf(principal),
      expiresAt: later(this.clock.now(), this.config.consoles.tokenTtlSeconds * 1_000),
    };
    await this.executor.execute(streamRef('console', instanceId), { type: 'AuthorizeConsole', data: grant }, context);
    return token;
  }

  private async holderOf({ actor: { userId, projectId }, token }: Principal) {
    const project = projectId === null ? undefined : await this.executor.state(streamRef('project', projectId));
    const { id: tokenId, userEpoch } = token;
    return { userId, projectId, tokenId, userEpoch, projectEpoch: project?.epoch ?? 0 };
  }
}
