import { own, upcast } from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';

/** One line of a server's history. */
export interface TimelineRow {
  readonly at: string;
  /** Since the event before, in milliseconds. */
  readonly tookMs: number;
  readonly who: string;
  readonly requestId: string;
  readonly what: string;
}

type Data = Readonly<Record<string, unknown>>;
type Say = (data: Data, metadata: Data) => string;

const field = (data: Data, name: string): string => {
  const value = own(data, name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const nested = (data: Data, name: string): Data => (own(data, name) ?? {}) as Data;

/** How long each part of a job took on the host: `image 12 ms, disk 30 ms`. */
function timings(data: Data): string {
  const parts = Object.entries(nested(nested(data, 'facts'), 'timings'));
  return parts.length === 0
    ? ''
    : ` (${parts.map(([part, ms]) => `${part} ${String(Math.round(Number(ms)))} ms`).join(', ')})`;
}

const console = (data: Data): string => (field(data, 'kind') === 'vnc' ? 'screen' : 'serial port');

/** What was found of a host's network, a sentence each. */
const found = (data: Data, name: string): readonly string[] =>
  ((own(data, name) ?? []) as readonly Data[]).map((one) => field(one, 'says'));

function network(data: Data): string {
  const [mended, left, more] = [found(data, 'mended'), found(data, 'left'), Number(field(data, 'more'))];
  const parts = [
    ...(mended.length === 0 ? [] : [`made right again: ${mended.join(' ')}`]),
    ...(left.length === 0 ? [] : [`still wrong: ${left.join(' ')}`]),
    ...(more === 0 ? [] : [`and ${String(more)} more`]),
  ];
  return parts.length === 0 ? 'network: all is right again' : `network: ${parts.join('; ')}`;
}

/** Where the type's own words, and how long the host took, do not say it all. */
const SAY: Readonly<Record<string, Say>> = {
  'host.network-differed.v1': network,
  'host.went-down.v1': () => 'not heard of any more',
  'host.reports-refused.v1': (data) => `${field(data, 'count')} reports refused, the first: ${field(data, 'reason')}`,
  'host.drift-detected.v1': (data) =>
    `found there, unknown to the log: ${field(data, 'name')} (${field(data, 'kind')})`,
  'instance.launch-requested.v1': (data) =>
    `launch requested: ${field(data, 'name')}, flavor ${field(nested(data, 'flavor'), 'name')}, image ${field(nested(data, 'image'), 'imageId')}`,
  'instance.host-chosen.v2': (data) => `host chosen: ${field(data, 'hostName')} (attempt ${field(data, 'attempt')})`,
  'instance.host-claimed.v1': () => 'capacity claimed on the host',
  'instance.host-refused.v1': (data) => `host refused: ${field(data, 'message')}`,
  'instance.address-allocated.v1': (data) => `address allocated: ${field(data, 'address')} (${field(data, 'mac')})`,
  'instance.launch-attempt-failed.v1': (data) => `attempt ${field(data, 'attempt')} failed: ${field(data, 'message')}`,
  'instance.launched.v1': (data) => `launched on ${field(data, 'hostName')}${timings(data)}`,
  'instance.launch-failed.v1': (data) => `launch failed: ${field(data, 'message')}`,
  'instance.reboot-requested.v1': (data) => `${field(data, 'rebootType')} reboot requested`,
  'instance.host-restarted.v1': () => 'its host restarted: to be made to run again',
  'instance.guest-went-off.v1': (data) => `the guest went off: ${field(data, 'cause')}`,
  'instance.guest-went-paused.v1': (data) => `the guest was paused: ${field(data, 'cause')}`,
  'instance.guest-went-on.v1': (data) => `the guest went on: ${field(data, 'cause')}`,
  'instance.guest-went-running.v1': (data) => `the guest of the stopped server was started: ${field(data, 'cause')}`,
  'instance.restored.v1': (data) => `runs again${timings(data)}`,
  'instance.operation-failed.v1': (data) => `${field(data, 'kind')} failed: ${field(data, 'message')}`,
  'instance.renamed.v1': (data) => `renamed to ${field(data, 'name')}`,
  'instance.released.v1': (data) => `given back: ${field(data, 'kind')}`,
  'console.authorized.v1': (data) => `URL of its ${console(data)} given out, good until ${field(data, 'expiresAt')}`,
  'console.opened.v1': (data, metadata) => `${console(data)} opened from ${field(metadata, 'clientAddress')}`,
  'console.closed.v1': (data) => `console closed: ${field(data, 'reason')}`,
  'instance.removal-failed.v1': (data) => `removal failed, to be tried again: ${field(data, 'message')}`,
};

/** An event type without its category and version, as words: `stop requested`. */
const words = (type: string): string =>
  type
    .replace(/^[a-z]+\./, '')
    .replace(/\.v\d+$/, '')
    .replaceAll('-', ' ');

/**
 * A stream's history for people: when, who, by which request, what, and how long after the step before.
 * @param names user ids and the names to show for them.
 */
export function timeline(events: readonly RecordedEvent[], names: ReadonlyMap<string, string>): readonly TimelineRow[] {
  let before: number | undefined;
  return events.map(({ metadata, ...recorded }) => {
    const { type, data: fields } = upcast({ type: recorded.type, data: recorded.data });
    const data: Data = { ...fields };
    const at = field(metadata, 'at');
    const time = Date.parse(at);
    const tookMs = before === undefined ? 0 : time - before;
    before = time;
    const userId = field(nested(metadata, 'actor'), 'userId');
    const api = field(metadata, 'api');
    const who = userId === 'system' ? `cairn (${api})` : (names.get(userId) ?? userId);
    return {
      at,
      tookMs,
      who,
      requestId: field(metadata, 'requestId'),
      what: own(SAY, type)?.(data, metadata) ?? `${words(type)}${timings(data)}`,
    };
  });
}

/** The rows as aligned text. */
export function renderTimeline(rows: readonly TimelineRow[]): string {
  const cells = rows.map(({ at, tookMs, who, requestId, what }) => [at, `+${String(tookMs)} ms`, who, requestId, what]);
  const table = [['WHEN', 'AFTER', 'WHO', 'REQUEST', 'WHAT'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, i) => (i === 1 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
