import type { AnyAggregate } from '@cairn/domain';
import type { EventStore, Position, RecordedEvent } from '@cairn/event-store';

import { contextOf } from './event-metadata';
import { owedBy } from './owed';
import type { CommandContext } from './ports';
import type { Place } from './recent-commands';
import type { Folded } from './snapshots';

/** How many ids to keep of those that were read again. */
const MOST_KEPT = 100_000;

/** A position of the log at or before which a command cannot have been carried out; 0 if nothing is known. */
export type Earliest = (context: CommandContext) => Promise<Position>;

/** A command that is about to be decided. */
export interface Try {
  readonly context: CommandContext;
  /** The position of the stream when the command was first found to be new. */
  newAt: Position | undefined;
  /** Events of this command that stand in the log already. */
  readonly found: RecordedEvent[];
}

/** What was read again: the ids of all commands behind a position, up to a revision. */
interface Recalled {
  readonly after: Position;
  readonly ids: Set<string>;
  to: bigint;
}

/**
 * Tells the repeat of a command from a new one, for one stream. An id that the stream's state still remembers is a repeat.
 * If the state has forgotten ids, most commands are known to be newer than those. Only for the rest this reads events
 * again, and no more of them than could belong to the command: a repeat after a restart, or one by an old idempotency key.
 */
export class Repeats {
  private recalled: Recalled | undefined;

  constructor(
    private readonly stream: string,
    private readonly aggregate: AnyAggregate,
    private readonly store: Pick<EventStore, 'read'>,
    private readonly earliest: Earliest,
  ) {}

  async includes(one: Try, command: { readonly type: string }, folded: Folded): Promise<boolean> {
    const { commandId } = one.context;
    if (this.aggregate.decidedAgain?.includes(command.type) === true) return false;
    if (folded.recent.has(commandId)) return true;
    if (!this.isNew(one, folded) && (await this.recall(one, folded))) return true;
    one.newAt = folded.position;
    return false;
  }

  private isNew({ context, newAt }: Try, { recent, state }: Folded): boolean {
    const bound = newAt ?? context.after ?? 0n;
    if (recent.reaches(bound)) return true;
    if (newAt !== undefined) return false;
    if (context.unheard === true) return true;
    const { effect } = context;
    // an outcome that is recorded ends its effect
    return effect?.outcome === true && owedBy(this.aggregate, state).some(({ id }) => id === effect.id);
  }

  private async recall(one: Try, { recent }: Folded): Promise<boolean> {
    const { context, newAt, found } = one;
    const after = newAt ?? later(context.after ?? 0n, await this.earliest(context));
    if (recent.reaches(after)) return false;
    const { from, to } = recent.gap(after);
    const recalled = this.knownSince(after, from);
    for await (const event of this.store.read(this.stream, recalled.to + 1n)) {
      if (event.revision > to) break;
      const { commandId } = contextOf(event);
      recalled.ids.add(commandId);
      if (commandId === context.commandId && !found.some(({ id }) => id === event.id)) found.push(event);
      recalled.to = event.revision;
    }
    this.recalled = recalled.ids.size <= MOST_KEPT ? recalled : undefined;
    return recalled.ids.has(context.commandId);
  }

  private knownSince(after: Position, from: Place): Recalled {
    const { recalled } = this;
    this.recalled = undefined; // half of what is read would be worse than nothing
    if (recalled !== undefined && recalled.after <= after) return recalled;
    return { after: from.position, ids: new Set(), to: from.revision };
  }
}

const later = (a: Position, b: Position): Position => (a > b ? a : b);
