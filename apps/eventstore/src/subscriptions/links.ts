import { LINK_TYPE, type StoredEvent } from '../log/events';
import type { EventLog } from '../log/event-log';
import { isReadable, isVisible } from '../log/visibility';
import type { ResolvedEvent } from '../wire/read-encoder';

/** Whether links to a stream are followed; undefined: links are sent as they are. */
export type FollowLinks = ((stream: string) => boolean) | undefined;

/** EventStoreDB says differently what it cannot read as a link, to readers of the past and to those of new events. */
export type LinkReader = 'past' | 'live';

/** `long.Parse` of .NET: white space around it, a sign, leading zeros; no decimals, separators or hexadecimal. */
const NUMBER = /^[\t-\r ]*([-+]?)(\d+)[\t-\r ]*\0*$/;

const INT64_MAX = 2n ** 63n - 1n;

/**
 * Follows a link event (`$>`, data "revision@stream", -1 for the last one). The target is left out when it is gone or
 * hidden; what is no number at all is no link to a reader of the past, and a link to nothing to one of new events.
 */
export function resolve(log: EventLog, event: StoredEvent, follow: FollowLinks, reader: LinkReader): ResolvedEvent {
  if (follow === undefined || event.type.name !== LINK_TYPE) return { event, link: undefined };
  const text = event.data.toString('utf8');
  const at = text.indexOf('@');
  const revision = revisionOf(at < 0 ? text : text.slice(0, at));
  if (revision === undefined) return reader === 'past' ? { event, link: undefined } : { event: undefined, link: event };
  const target = at < 0 ? '' : text.slice(at + 1);
  const found = target !== '' && follow(target) ? targetOf(log, target, revision) : undefined;
  return { event: found, link: event };
}

function revisionOf(text: string): number | undefined {
  const [, sign = '', digits] = NUMBER.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const value = sign === '-' ? -BigInt(digits) : BigInt(digits);
  return value > INT64_MAX || value < -INT64_MAX - 1n ? undefined : Number(value);
}

function targetOf(log: EventLog, stream: string, revision: number): StoredEvent | undefined {
  const head = log.readHead(stream);
  if (head.key === undefined || head.tombstoned || !isReadable(head, log.now())) return undefined;
  const wanted = revision === -1 ? head.last : revision;
  if (wanted < 0 || wanted > head.last) return undefined;
  const event = log.reader.atRevision(head.key.sid, wanted);
  return event !== undefined && isVisible(head, event, log.now()) ? event : undefined;
}
