/** What other services may tell nova of a server, by the microversion that brings it (nova 26.1). */
const SINCE: Readonly<Record<string, number>> = {
  'network-changed': 1,
  'network-vif-plugged': 1,
  'network-vif-unplugged': 1,
  'network-vif-deleted': 1,
  'volume-extended': 51,
  'power-update': 76,
  'accelerator-request-bound': 82,
  'volume-reimaged': 93,
};

/** Events that say nothing without what they are about. */
const TAG_REQUIRED = new Set(['volume-extended', 'power-update', 'accelerator-request-bound']);

export const EVENT_NAMES = Object.keys(SINCE);

export const eventNamesIn = (minor: number): readonly string[] =>
  Object.entries(SINCE)
    .filter(([, since]) => since <= minor)
    .map(([name]) => name);

/** An event as it is sent. */
export interface ExternalEvent {
  readonly server_uuid: string;
  readonly name: string;
  readonly status?: string;
  readonly tag?: string;
}

/** What a sender is told of an event. */
export interface JudgedEvent extends ExternalEvent {
  readonly status: 'completed' | 'failed';
  readonly code: number;
}

/** @param server that the event is of; null where there is none */
export function judged(event: ExternalEvent, server: { readonly hostId: string | null } | null): JudgedEvent {
  if (server === null) return { ...event, status: 'failed', code: 404 };
  if (TAG_REQUIRED.has(event.name) && event.tag === undefined) return { ...event, status: 'failed', code: 400 };
  if (server.hostId === null) return { ...event, status: 'failed', code: 422 };
  return { ...event, status: 'completed', code: 200 };
}
