import {
  badConsoleToken,
  type CommandOf,
  type ConsoleGrant,
  deriveId,
  grantOf,
  hostOf,
  type Instance,
  later,
  streamRef,
} from '@cairn/domain';
import { Inject, Injectable } from '@nestjs/common';

import type { Principal } from '../../identity/authenticator';
import type { Directory } from '../../identity/directory';
import { principalOf } from '../../identity/principal';
import type { Keyring } from '../../keyring';
import { type Enforcer, Rights } from '../../policy';
import type { Clock, CommandContext, Executor } from '../../runtime/ports';
import { CLOCK, DIRECTORY, EXECUTOR, KEYRING, POLICY } from '../core';
import { readConsoleToken } from './console-token';
import { hasConsole, isLeaving } from './console-types';

export const CONSOLE_RULE = 'os_compute_api:os-remote-consoles';

/** How long to try to write down what became of a connection. */
const DEADLINE_MS = 15_000;

/** A console that may be opened now, by whose right, and by which token. */
export interface Admission {
  readonly instanceId: string;
  readonly grant: ConsoleGrant;
  readonly principal: Principal;
  readonly instance: Instance;
}

/** A connection of a client to a console. */
export interface ConsoleConnection {
  readonly connectionId: string;
  readonly requestId: string;
  readonly clientAddress: string | null;
}

/** Whether a token opens a console, and what became of it. */
@Injectable()
export class ConsoleAccess {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(KEYRING) private readonly keyring: Pick<Keyring, 'mac'>,
    @Inject(DIRECTORY) private readonly directory: Pick<Directory, 'user' | 'project'>,
    @Inject(POLICY) private readonly policy: Enforcer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError `console.bad-token`, whatever the reason; `unavailable` when the log cannot be asked */
  async admit(token: string): Promise<Admission> {
    const shown = readConsoleToken(this.keyring, token);
    if (shown === undefined) throw badConsoleToken();
    const { instanceId, tokenHash } = shown;
    const console = await this.executor.state(streamRef('console', instanceId));
    const grant = grantOf(console, tokenHash, this.clock.now());
    const admission = grant === undefined ? undefined : await this.rightNow(instanceId, grant);
    if (admission === undefined) throw badConsoleToken();
    return admission;
  }

  /** Whether what the token rests on still holds; its time apart. @throws DomainError `unavailable` */
  async stillHolds({ instanceId, grant }: Admission): Promise<boolean> {
    return (await this.rightNow(instanceId, grant)) !== undefined;
  }

  /** @throws DomainError `console.bad-token` when it counts no more; `unavailable` */
  async recordOpened(admission: Admission, connection: ConsoleConnection): Promise<void> {
    const { tokenHash } = admission.grant;
    const { connectionId } = connection;
    await this.record(admission, connection, 'open', { type: 'OpenConsole', data: { tokenHash, connectionId } });
  }

  /** @throws DomainError `unavailable` */
  async recordClosed(admission: Admission, connection: ConsoleConnection, reason: string): Promise<void> {
    const { connectionId } = connection;
    await this.record(admission, connection, 'close', { type: 'CloseConsole', data: { connectionId, reason } });
  }

  /** The user has not lost the right to the server's consoles, and the server is in memory on the same host. */
  private async rightNow(instanceId: string, grant: ConsoleGrant): Promise<Admission | undefined> {
    const principal = await this.principal(grant);
    if (principal === undefined) return undefined;
    const instance = await this.executor.state(streamRef('instance', instanceId));
    const rights = new Rights(this.policy, principal.actor);
    const projectId = instance.request?.projectId;
    const isTheirs = projectId !== undefined && (rights.isAdmin || projectId === principal.actor.projectId);
    if (!isTheirs || !rights.may(CONSOLE_RULE)) return undefined;
    const host = hostOf(instance);
    const isThere =
      host?.claimed === true && host.hostId === grant.hostId && hasConsole(instance) && !isLeaving(instance);
    return isThere ? { instanceId, grant, principal, instance } : undefined;
  }

  private async principal({ holder }: ConsoleGrant): Promise<Principal | undefined> {
    const { userId, projectId, tokenId: id, userEpoch, projectEpoch } = holder;
    const user = await this.directory.user({ id: userId });
    const project = projectId === null ? undefined : await this.directory.project({ id: projectId });
    if (user === undefined || (projectId !== null && project === undefined)) return undefined;
    const [issuedAt, expiresAt] = ['', ''];
    return principalOf(
      { id, userId, projectId, methods: [], issuedAt, expiresAt, userEpoch, projectEpoch },
      user,
      project,
    );
  }

  private async record(
    { instanceId, principal }: Admission,
    { connectionId, requestId, clientAddress }: ConsoleConnection,
    step: 'open' | 'close',
    command: CommandOf<'console'>,
  ): Promise<void> {
    const commandId = deriveId('console', connectionId, step);
    const context: CommandContext = {
      commandId,
      actor: principal.actor,
      api: 'console',
      requestId,
      clientAddress,
      correlationId: connectionId,
      causationId: commandId,
      deadline: later(this.clock.now(), DEADLINE_MS),
    };
    await this.executor.execute(streamRef('console', instanceId), command, context);
  }
}
