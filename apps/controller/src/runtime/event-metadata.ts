import { type Context, deriveId, type Instant, type Message } from '@cairn/domain';
import { canonicalJson, type NewEvent } from '@cairn/event-store';

import type { CommandContext } from './ports';
import type { Cause } from './snapshots';

type Metadata = Readonly<Record<string, unknown>>;

/** Who and why, as each event says it (RUNTIME.md, Audit); its link in the chain comes on top. */
export function metadataOf(
  command: Message,
  context: CommandContext,
  at: Instant,
  hash: (canonical: string) => string,
): Metadata {
  const { commandId, commandHash, correlationId, causationId, actor, api, requestId, clientAddress } = context;
  return {
    commandId,
    commandHash: commandHash ?? hash(canonicalJson(command)),
    command: command.type,
    $correlationId: correlationId,
    $causationId: causationId,
    actor,
    api,
    requestId,
    clientAddress,
    at,
  };
}

/**
 * Follows from the command and from all that is said with it, and when. The store takes an event at a revision where
 * one of the same id stands for a repeat of the same append; it must not take for one what another process made of the
 * same command.
 */
export const eventId = (metadata: Metadata, previousLink: string, index: number): string =>
  deriveId(String(metadata['commandId']), 'event', index, previousLink, JSON.stringify(metadata));

/** What the domain may know of a recorded event besides its data. */
export function contextOf({ metadata }: { readonly metadata: Metadata }): Context {
  const { commandId, at } = metadata;
  return { commandId: textOf(commandId), at: textOf(at) };
}

/** Who started what led to an event, for those that follow from it. */
export function causeOf({ id, metadata }: NewEvent): Cause {
  const { $correlationId: correlationId, requestId } = metadata;
  return { eventId: id, correlationId: textOf(correlationId), requestId: textOf(requestId) };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
