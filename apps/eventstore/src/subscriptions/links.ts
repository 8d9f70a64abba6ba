import { LINK_TYPE, type StoredEvent } from '../log/events';
import type { EventLog } from '../log/event-log';
import { firstVisible } from '../log/heads';
import type { ResolvedEvent } from '../wire/read-encoder';

/** Whether links to a stream are followed; undefined: links are sent as they are. */
export type FollowLinks = ((stream: string) => boolean) | undefined;

/** Follows a link event (`$>`, data "revision@stream"); the target is left out when it is gone or hidden. */
export function resolve(log: EventLog, event: StoredEvent, follow: FollowLinks): ResolvedEvent {
  if (follow === undefined || event.type.name !== LINK_TYPE) return { event, link: undefined };
  const text = event.data.toString('utf8');
  const at = text.indexOf('@');
  const revision = Number(text.slice(0, Math.max(at, 0)));
  if (at < 1 || !Number.isSafeInteger(revision) || revision < 0) return { event: undefined, link: event };
  const target = text.slice(at + 1);
  if (!follow(target)) return { event: undefined, link: event };
  const head = log.head(target);
  const readable = head.key !== undefined && !head.tombstoned && revision >= firstVisible(head);
  return { event: readable ? log.reader.atRevision(head.key.sid, revision) : undefined, link: event };
}
