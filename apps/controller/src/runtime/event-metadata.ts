import { type Context, deriveId, type Instant, type Message } from '@cairn/domain';
import { canonicalJson } from '@cairn/json';
import { type NewEvent } from '@cairn/event-store';

import type { CommandContext } from './ports';
import type { Cause } from './snapshots';

type Metadata = Readonly<Record<string, unknown>>;

/** Who caused an event and why; the hash chain covers it. */
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
 * An event's id derives from its command and all its metadata, time included. The store takes two events of one id at
 * one revision for a repeated append, and must not do so for what two processes made of one command.
 */
export const eventId = (metadata: Metadata, previousLink: string, index: number): string =>
  deriveId(String(metadata['commandId']), 'event', index, previousLink, JSON.stringify(metadata));

/** What the domain may know of a recorded event besides its data. */
export function contextOf({ metadata }: { readonly metadata: Metadata }): Context {
  const { commandId, at } = metadata;
  return { commandId: textOf(commandId), at: textOf(at) };
}

/** The cause of an event, for the events that follow from it. */
export function causeOf({ id, metadata }: NewEvent): Cause {
  const { $correlationId: correlationId, requestId } = metadata;
  return { eventId: id, correlationId: textOf(correlationId), requestId: textOf(requestId) };
}

/** What a decision knows about its command. */
export const worldOf = ({ commandId, caller }: CommandContext, at: string): Context =>
  caller === undefined ? { commandId, at } : { commandId, at, caller };

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
