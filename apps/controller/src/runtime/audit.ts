import {
  type Answer,
  type Category,
  type CommandOf,
  deriveId,
  DomainError,
  type Message,
  type StateOf,
  type StreamOf,
  type StreamRef,
} from '@cairn/domain';
import { type EventStore, linkOf, type NewEvent, OutcomeUnknown, streamHash, WrongRevision } from '@cairn/event-store';

import type { Log } from '../log';
import type { Clock, CommandContext, Executed, Executor } from './ports';

const FLUSH_MS = 60_000;
/** How many combinations of actor, action and code to remember. Beyond that a refusal is recorded in full again. */
const MOST_KNOWN = 10_000;

/**
 * Records refused commands of authenticated callers in `audit-<day>`: the first refusal of an actor, action and code in
 * full, later ones as one count a minute. Recording never delays or changes the answer.
 */
export class AuditedExecutor implements Executor {
  private readonly counts = new Map<string, number>();
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly inner: Executor,
    private readonly store: EventStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async execute<C extends Category, M extends CommandOf<C>>(
    target: StreamOf<C>,
    command: M,
    context: CommandContext,
  ): Promise<Executed<Answer<C, M['type']>>> {
    try {
      return await this.inner.execute(target, command, context);
    } catch (error) {
      if (error instanceof DomainError && error.kind !== 'unavailable') this.refused(target, command, context, error);
      throw error;
    }
  }

  state<C extends Category>(target: StreamOf<C>): Promise<StateOf<C>> {
    return this.inner.state(target);
  }

  latest<C extends Category>(target: StreamOf<C>): Promise<StateOf<C>> {
    return this.inner.latest(target);
  }

  /** Writes the counts every minute, until the signal aborts; then once more. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.clock.sleep(FLUSH_MS, signal);
      this.flush();
      await this.writing;
    }
  }

  /** Records a command that policy refused before it reached a stream, under the rule's name. */
  refusedByPolicy(rule: string, context: CommandContext): void {
    this.refused(null, { type: rule, data: {} }, context, { code: 'policy.forbidden', kind: 'forbidden' });
  }

  private refused(
    target: StreamRef | null,
    command: Message,
    context: CommandContext,
    { code, kind }: Pick<DomainError, 'code' | 'kind'>,
  ): void {
    const { actor, api, requestId, clientAddress, commandId, correlationId } = context;
    const key = JSON.stringify([actor.userId, actor.projectId, command.type, code]);
    const known = this.counts.get(key);
    if (known !== undefined) {
      this.counts.set(key, known + 1);
      return;
    }
    if (this.counts.size < MOST_KNOWN) this.counts.set(key, 0);
    const at = this.clock.now();
    const metadata = {
      commandId,
      $correlationId: correlationId,
      $causationId: commandId,
      actor,
      api,
      requestId,
      clientAddress,
      at,
    };
    const data = { command: command.type, target, code, kind };
    this.append({ id: deriveId(commandId, 'refused'), type: 'audit.command-refused.v1', data, metadata });
  }

  private flush(): void {
    const at = this.clock.now();
    for (const [key, count] of this.counts) {
      if (count === 0) this.counts.delete(key);
      else this.counts.set(key, 0);
      if (count === 0) continue;
      const [userId, projectId, command, code] = JSON.parse(key) as [string, string | null, string, string];
      const id = deriveId('refusals', key, at);
      const metadata = { at, actor: { userId, projectId }, commandId: id, $correlationId: id, $causationId: id };
      this.append({ id, type: 'audit.refusals-counted.v1', data: { command, code, count }, metadata });
    }
  }

  private append(event: NewEvent): void {
    const stream = `audit-${String(event.metadata['at']).slice(0, 10)}`;
    this.writing = this.writing
      .then(() => this.insist(stream, event))
      .catch((error: unknown) => {
        this.log.error('a refused command could not be recorded', { error });
      });
  }

  private async insist(stream: string, event: NewEvent): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const last = await this.store.last(stream);
        const link = streamHash(linkOf(last), event);
        const linked = { ...event, metadata: { ...event.metadata, streamHash: link } };
        await this.store.append(stream, last?.revision ?? 'no-stream', [linked]);
        return;
      } catch (error) {
        if (attempt >= 20 || !(error instanceof WrongRevision || error instanceof OutcomeUnknown)) throw error;
        await this.clock.sleep(100 * attempt);
      }
    }
  }
}
