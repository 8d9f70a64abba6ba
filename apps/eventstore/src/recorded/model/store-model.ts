import type { Args, Operation } from '../conversation';
import { isObject, retention, withTruncateBefore, type ModelRetention } from './metadata-model';

/** int64's maximum: the number of a tombstone, and the `$tb` of a deleted stream. */
export const LARGEST = 2n ** 63n - 1n;

/** One committed event. */
export interface ModelEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly type: string;
  /** Its label; `new` where the conversation gave it none. */
  readonly id: string;
  readonly data: string;
  readonly json: boolean;
}

interface ModelStream {
  readonly events: readonly ModelEvent[];
  readonly tombstoned: boolean;
}

interface Visible {
  readonly first: bigint;
  readonly last: bigint;
}

const EMPTY: ModelStream = { events: [], tombstoned: false };
const NO_METADATA: ModelRetention = { maxCount: undefined, truncateBefore: 0n };

/** Where an append of nothing is said to stand: behind the last event, or behind the mark with which all begins. */
export interface Behind {
  readonly behind: ModelEvent | undefined;
}

/** How a write ended, in the words of the recorded conversations. */
export type WriteAnswer =
  | { readonly kind: 'ok'; readonly revision: bigint; readonly place: ModelEvent | Behind | undefined }
  | { readonly kind: 'wrong'; readonly current: bigint }
  | { readonly kind: 'deleted' };

/**
 * EventStoreDB's rules for what is visible, deleted, re-created and repeated, as its documentation, its source and recorded
 * conversations have them: a plain list of events and nothing derived from it, so that it is easy to see that it is right.
 * It knows no `$maxAge` (no clock), and its idempotency is the cache's and the index's.
 */
export class StoreModel {
  /** All that was committed, in order. */
  readonly all: ModelEvent[] = [];
  private readonly firstPlaces = new Map<string, ModelEvent>();

  /** @returns the events that the write committed, in order, with its answer */
  write(operation: Operation, args: Args): { readonly answer: WriteAnswer; readonly committed: readonly ModelEvent[] } {
    const before = this.all.length;
    const answer = this.carryOut(operation, args);
    return { answer, committed: this.all.slice(before) };
  }

  private carryOut(operation: Operation, args: Args): WriteAnswer {
    const stream = typeof args.stream === 'string' ? args.stream : '';
    if (operation === 'setMetadata') {
      const data = typeof args.metadata === 'string' ? args.metadata : JSON.stringify(args.metadata);
      return this.append(`$$${stream}`, args.expected, [{ type: '$metadata', data, id: 'new', json: true }]);
    }
    if (operation === 'append') {
      const events = args.events.map(({ id = 'new', type, data, json }) => ({ id, type, data: textOf(data), json }));
      return this.append(stream, args.expected, events);
    }
    return operation === 'delete' ? this.softDelete(stream, args.expected) : this.bury(stream, args.expected);
  }

  /** The events of a stream that may be read; undefined when it is not found. */
  visible(stream: string): readonly ModelEvent[] | undefined {
    if (stream.startsWith('$mem-')) return undefined;
    const { events } = this.stream(stream);
    const rules = this.rules(stream);
    if (events.length === 0 || rules.truncateBefore === LARGEST) return undefined;
    const { first, last } = this.bounds(stream);
    return events.filter(({ revision }) => revision >= first && revision <= last);
  }

  isTombstoned(stream: string): boolean {
    return this.stream(stream).tombstoned;
  }

  /** The last revision, -1 for none; it counts what is hidden. */
  last(stream: string): bigint {
    return this.stream(stream).events.at(-1)?.revision ?? -1n;
  }

  /** Where a link leads; `unreadable` when its number cannot be read, undefined when its target is gone or hidden. */
  target(link: ModelEvent): ModelEvent | 'unreadable' | undefined {
    const at = link.data.indexOf('@');
    const text = at < 0 ? link.data : link.data.slice(0, at);
    if (!/^\s*[-+]?\d+\s*$/.test(text)) return 'unreadable';
    const number = BigInt(text.trim().replace('+', ''));
    if (number > LARGEST || number < -LARGEST - 1n) return 'unreadable';
    const name = at < 0 ? '' : link.data.slice(at + 1);
    if (this.isTombstoned(name)) return undefined;
    const events = this.visible(name) ?? [];
    return number === -1n ? events.at(-1) : events.find(({ revision }) => revision === number);
  }

  private stream(name: string): ModelStream {
    const events = this.all.filter((event) => event.stream === name);
    const own = events.some(({ revision }) => revision === LARGEST);
    const described = name.startsWith('$$') && this.stream(name.slice(2)).tombstoned;
    return events.length === 0 && !described ? EMPTY : { events, tombstoned: own || described };
  }

  private rules(name: string): ModelRetention {
    if (name.startsWith('$$')) return { maxCount: 1n, truncateBefore: 0n };
    const document = this.stream(`$$${name}`)
      .events.filter(({ revision }) => revision !== LARGEST)
      .at(-1);
    return document === undefined || !document.json ? NO_METADATA : retention(document.data);
  }

  private bounds(name: string): Visible {
    const last = this.last(name);
    const { maxCount, truncateBefore } = this.rules(name);
    const newest = maxCount === undefined ? 0n : last - maxCount + 1n;
    return { first: newest > truncateBefore ? newest : truncateBefore, last };
  }

  private isDeleted(name: string): boolean {
    return this.rules(name).truncateBefore === LARGEST;
  }

  private append(
    name: string,
    expected: Args['expected'],
    events: readonly Omit<ModelEvent, 'stream' | 'revision'>[],
  ): WriteAnswer {
    const refusal = this.refusal(name, expected);
    if (refusal !== undefined) return refusal;
    const last = this.last(name);
    const repeated = this.repeat(name, expected, events);
    if (repeated !== undefined) return repeated;
    const described = name.startsWith('$$') ? name.slice(2) : undefined;
    const revived = this.isDeleted(name)
      ? name
      : described !== undefined && this.isDeleted(described)
        ? described
        : undefined;
    if (revived !== undefined && this.isTombstoned(`$$${revived}`)) return { kind: 'deleted' };
    const lastOfRevived = revived === undefined ? -1n : this.last(revived);
    const behind = this.all.at(-1);
    for (const [index, event] of events.entries())
      this.commit({ ...event, stream: name, revision: last + 1n + BigInt(index) });
    const place = events.length === 0 ? { behind } : this.all.at(-1);
    if (revived !== undefined) this.rewriteMetadata(revived, lastOfRevived + 1n);
    return { kind: 'ok', revision: last + BigInt(events.length), place };
  }

  /** Tombstones, and the words that expect a stream. */
  private refusal(name: string, expected: Args['expected']): WriteAnswer | undefined {
    if (this.isTombstoned(name)) return { kind: 'deleted' };
    if (expected !== 'stream_exists') return undefined;
    if (this.isDeleted(name)) return { kind: 'deleted' };
    return this.isThere(name) ? undefined : { kind: 'wrong', current: -1n };
  }

  private isThere(name: string): boolean {
    return this.last(name) >= 0n || this.last(`$$${name}`) >= 0n;
  }

  /** The answer to an append that was written before, or that contradicts what was; undefined for a new one. */
  private repeat(
    name: string,
    expected: Args['expected'],
    events: readonly Pick<ModelEvent, 'id'>[],
  ): WriteAnswer | undefined {
    const last = this.last(name);
    const wrong: WriteAnswer = { kind: 'wrong', current: last };
    const byCache = expected === 'any' || expected === 'stream_exists';
    const wanted = byCache ? 0n : expected === 'no_stream' ? -1n : BigInt(expected);
    if (!byCache && wanted > last) return wrong;
    if (!byCache && wanted === last) return undefined;
    let found: ModelEvent | undefined;
    for (const [index, { id }] of events.entries()) {
      const place = byCache ? this.firstPlace(name, id) : this.at(name, wanted + 1n + BigInt(index), id);
      if (place === undefined) {
        if (index > 0) return wrong;
        return byCache || (expected === 'no_stream' && this.isDeleted(name)) ? undefined : wrong;
      }
      found = place;
    }
    if (found === undefined) return byCache ? undefined : wrong;
    const isVisible = (this.visible(name) ?? []).includes(found);
    return { kind: 'ok', revision: found.revision, place: isVisible ? found : undefined };
  }

  private firstPlace(name: string, id: string): ModelEvent | undefined {
    const place = this.firstPlaces.get(id);
    return place?.stream === name ? place : undefined;
  }

  private at(name: string, revision: bigint, id: string): ModelEvent | undefined {
    return this.stream(name).events.find((event) => event.revision === revision && event.id === id && id !== 'new');
  }

  private softDelete(name: string, expected: Args['expected']): WriteAnswer {
    if (this.isTombstoned(name)) return { kind: 'deleted' };
    if (!this.isThere(name)) return { kind: 'wrong', current: -1n };
    const refused = this.refusal(name, expected) ?? this.repeat(name, expected, [{ id: 'new' }]);
    if (refused !== undefined) return refused;
    if (this.isTombstoned(`$$${name}`)) return { kind: 'deleted' };
    return { kind: 'ok', revision: this.last(name), place: this.writeMetadata(name, `{"$tb":${String(LARGEST)}}`) };
  }

  private bury(name: string, expected: Args['expected']): WriteAnswer {
    const refused = this.refusal(name, expected) ?? this.repeat(name, expected, [{ id: 'new' }]);
    if (refused !== undefined) return refused;
    const tombstone = { stream: name, revision: LARGEST, type: '$streamDeleted', id: 'new', data: '', json: false };
    return { kind: 'ok', revision: LARGEST, place: this.commit(tombstone) };
  }

  private rewriteMetadata(name: string, truncateBefore: bigint): void {
    const document = this.stream(`$$${name}`).events.at(-1)?.data ?? '';
    if (isObject(document)) this.writeMetadata(name, withTruncateBefore(document, truncateBefore));
  }

  private writeMetadata(name: string, data: string): ModelEvent {
    const stream = `$$${name}`;
    return this.commit({ stream, revision: this.last(stream) + 1n, type: '$metadata', id: 'new', data, json: true });
  }

  private commit(event: ModelEvent): ModelEvent {
    this.all.push(event);
    if (event.id !== 'new' && !this.firstPlaces.has(event.id)) this.firstPlaces.set(event.id, event);
    return event;
  }
}

function textOf(data: Args['events'][number]['data']): string {
  if (typeof data === 'string') return data;
  return 'size' in data ? 'x'.repeat(data.size) : Buffer.from(data.base64, 'base64').toString('utf8');
}
