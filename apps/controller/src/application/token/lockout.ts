import { Inject, Injectable } from '@nestjs/common';
import { isLockedOut, later, type LockoutRule } from '@cairn/domain';
import type { ControllerConfig } from '../../config';
import type { Random } from '../../random';
import { type Clock, type CommandContext, type Executor, SYSTEM } from '../../runtime/ports';
import { CLOCK, CONFIG, EXECUTOR, RANDOM, type RequestScope } from '../core';
import { userStream } from '../user/users';

const PATIENCE_MS = 10_000;

/** Keystone's lock-out: after so many wrong passwords in a row a user cannot log in for a while. Off unless configured. */
@Injectable()
export class Lockout {
  private readonly rule: LockoutRule | null;

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM) private readonly random: Random,
    @Inject(CONFIG) config: ControllerConfig,
  ) {
    const { failureAttempts, durationSeconds } = config.lockout;
    this.rule = failureAttempts === null ? null : { failureAttempts, durationSeconds };
  }

  /** Whether the user may not log in now, not even with the right password. */
  async holds(userId: string): Promise<boolean> {
    if (this.rule === null) return false;
    const { failedLogins } = await this.executor.state(userStream(userId));
    return isLockedOut(failedLogins, this.rule, this.clock.now());
  }

  /**
   * Takes note of a password that was given. The count is in the user's stream: it outlasts a restart, and controllers share it.
   * @param proven whether it was the right one
   * @returns whether the login may go on: wrong ones that came meanwhile may have locked the user out
   */
  async allows(userId: string, proven: boolean, scope: RequestScope): Promise<boolean> {
    if (this.rule === null) return proven;
    const target = userStream(userId);
    if (!proven) {
      const data = { ...this.rule, now: this.clock.now() };
      await this.executor.execute(target, { type: 'RecordFailedLogin', data }, this.contextOf(scope));
      return false;
    }
    const { failedLogins } = await this.executor.state(target);
    if (isLockedOut(failedLogins, this.rule, this.clock.now())) return false;
    if (failedLogins !== undefined)
      await this.executor.execute(target, { type: 'ForgetFailedLogins', data: {} }, this.contextOf(scope));
    return true;
  }

  /** Cairn's own command, as nobody is logged in; where the login came from is recorded. */
  private contextOf({ requestId, api, clientAddress }: RequestScope): CommandContext {
    const commandId = this.random.uuid();
    const ids = { commandId, correlationId: commandId, causationId: commandId };
    const deadline = later(this.clock.now(), PATIENCE_MS);
    return { ...ids, actor: SYSTEM, api, requestId, clientAddress, deadline, unheard: true };
  }
}
