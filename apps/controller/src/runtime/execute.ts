import {
  aggregateOf,
  type Answer,
  type Category,
  type CommandOf,
  type Message,
  type StateOf,
  streamName,
  type StreamOf,
  streamRef,
  type StreamRef,
} from '@cairn/domain';
import type { ExpectedRevision, Position, RecordedEvent } from '@cairn/event-store';
import { GenerationalCache } from '@cairn/cache';

import { dueSince } from './due-since';
import { TroubledRequests } from './log-patience';
import { Mailbox, type MailboxPorts } from './mailbox';
import type { CommandCarrier, CommandContext, Executed, Executor } from './ports';
import { KnownRevisions } from './revisions';
import type { Folded } from './snapshots';

/** What the executor's mailboxes need; how many requests wait in trouble it counts itself, unless told otherwise. */
type ExecutorPorts = Omit<MailboxPorts, 'troubled' | 'revisions'> & Partial<Pick<MailboxPorts, 'troubled'>>;

/**
 * The only reader and writer of the domain's streams. Each stream has a mailbox; the least recently used are dropped.
 */
export class CommandExecutor implements Executor, CommandCarrier {
  private readonly mailboxes: GenerationalCache<string, Mailbox>;

  private readonly ports: MailboxPorts;

  /** @param cached how many streams' states are kept in memory. */
  constructor(ports: ExecutorPorts, cached = 8_192) {
    this.ports = { troubled: new TroubledRequests(), revisions: new KnownRevisions(), ...ports };
    this.mailboxes = new GenerationalCache(cached, (mailbox) => !mailbox.idle);
  }

  carry(target: StreamRef, command: Message, context: CommandContext): Promise<Executed> {
    return this.mailbox(target).execute(command, context);
  }

  // The casts are safe: a stream's mailbox runs the aggregate of the stream's category.

  execute<C extends Category, M extends CommandOf<C>>(
    target: StreamOf<C>,
    command: M,
    context: CommandContext,
  ): Promise<Executed<Answer<C, M['type']>>> {
    return this.carry(target, command, context) as Promise<Executed<Answer<C, M['type']>>>;
  }

  async state<C extends Category>(target: StreamOf<C>): Promise<StateOf<C>> {
    return (await this.mailbox(target).current()).state as StateOf<C>;
  }

  async latest<C extends Category>(target: StreamOf<C>): Promise<StateOf<C>> {
    return (await this.mailbox(target).latest()).state as StateOf<C>;
  }

  /** The state with its position, and with its revision, which is at least the one that is given. */
  folded(target: StreamRef, atLeast?: ExpectedRevision): Promise<Folded> {
    return this.mailbox(target).current(atLeast);
  }

  /** Whether a command was carried out, as far as this process has read the log. */
  knows(target: StreamRef, context: CommandContext): Promise<boolean> {
    return this.mailbox(target).knows(context);
  }

  /** Keeps cached states in step with what other controllers append. */
  observe(event: RecordedEvent): void {
    this.ports.revisions.note(event.stream, event.revision);
    this.mailboxes.peek(event.stream)?.observe(event);
  }

  /** Cached states may lack events that `observe` was not and will not be given: each is read on before it is used. */
  doubt(): void {
    for (const mailbox of this.mailboxes.values()) mailbox.doubt();
  }

  /** A key is used before anything is done by it, and an effect is due before it is carried out. */
  private readonly earliest = async ({ keyed, effect }: CommandContext): Promise<Position> => {
    if (keyed !== undefined) return (await this.folded(streamRef('request', keyed.id))).position;
    return effect === undefined ? 0n : dueSince(this.ports.store, effect);
  };

  private mailbox(target: StreamRef): Mailbox {
    const stream = streamName(target);
    const known = this.mailboxes.get(stream);
    if (known !== undefined) return known;
    const aggregate = aggregateOf(target.category);
    if (aggregate === undefined) throw new Error(`no aggregate has category ${target.category}`);
    const mailbox = new Mailbox(stream, aggregate, this.ports, this.earliest);
    this.mailboxes.set(stream, mailbox);
    return mailbox;
  }
}
