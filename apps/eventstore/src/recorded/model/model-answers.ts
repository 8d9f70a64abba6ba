import type { Args, Conversation, FilterArgs, Operation } from '../conversation';
import { isModelledFilter, MARK, ModelFilteredSubscription, wantedBy } from './filter-model';
import { LARGEST, StoreModel, type Behind, type ModelEvent, type WriteAnswer } from './store-model';

interface ModelSubscription {
  /** Undefined: `$all`. */
  readonly stream: string | undefined;
  readonly after: bigint;
  readonly resolve: boolean;
  readonly filtered: ModelFilteredSubscription | undefined;
  said: unknown[];
  over: boolean;
}

/** What the model has no answer to. */
export const UNKNOWN = Symbol('unknown');

/** Answers the steps of a conversation by the model, in the words of the recorded ones. */
export class ModelAnswers {
  private readonly model = new StoreModel();
  private readonly subscriptions = new Map<string, ModelSubscription>();

  answerAll(steps: readonly (readonly [Operation, Args, ...unknown[]])[]): readonly unknown[] {
    return steps.map(([operation, args]) => this.answer(operation, args));
  }

  answer(operation: Operation, args: Args): unknown {
    switch (operation) {
      case 'append':
      case 'setMetadata':
      case 'delete':
      case 'tombstone':
        return this.write(operation, args);
      case 'read':
        return this.read(args);
      case 'getMetadata':
        return this.read({ ...args, stream: `$$${streamOf(args)}`, direction: 'backwards', from: 'end', count: 1 });
      case 'readAll':
        return this.readAll(args);
      case 'subscribe':
        return this.subscribe(args);
      case 'observe':
        return this.observe(args.name);
      case 'wait':
        return 'ok';
    }
  }

  private write(operation: Operation, args: Args): unknown {
    const { answer, committed } = this.model.write(operation, args);
    const links = new Map(committed.map((event) => [event, this.shown(event, true, 'live')]));
    for (const subscription of this.subscriptions.values()) this.push(subscription, committed, links);
    const stream = operation === 'setMetadata' ? `$$${streamOf(args)}` : streamOf(args);
    const isRemoval = operation === 'delete' || operation === 'tombstone';
    return written(answer, stream, args, isRemoval);
  }

  private push(
    subscription: ModelSubscription,
    committed: readonly ModelEvent[],
    resolved: ReadonlyMap<ModelEvent, unknown>,
  ): void {
    const { filtered } = subscription;
    for (const [offset, event] of committed.entries()) {
      if (filtered !== undefined) {
        const index = this.model.all.length - committed.length + offset + 1;
        subscription.said.push(
          ...filtered.push(index, event, subscription.resolve ? resolved.get(event) : named(event)),
        );
        continue;
      }
      const isWanted = subscription.stream === undefined || event.stream === subscription.stream;
      if (!isWanted || subscription.over || (subscription.stream !== undefined && event.revision <= subscription.after))
        continue;
      subscription.said.push(subscription.resolve ? resolved.get(event) : named(event));
      if (subscription.stream === undefined || event.type !== '$streamDeleted') continue;
      subscription.said.push(deleted(event.stream), 'ended');
      subscription.over = true;
    }
  }

  private read(args: Args): unknown {
    const { direction, from, resolve } = args;
    const [stream, backwards, count] = [streamOf(args), direction === 'backwards', Number(args.count)];
    if (args.compatibility !== undefined || typeof from === 'object') return UNKNOWN;
    if (this.model.isTombstoned(stream)) return { events: [], ...deleted(stream) };
    const events = this.model.visible(stream);
    if (events === undefined) return { events: [], also: [{ not_found: stream }] };
    const start = from === 'start' ? 0n : from === 'end' ? LARGEST : BigInt(from);
    const wanted = backwards
      ? events.filter(({ revision }) => revision <= start).reverse()
      : events.filter(({ revision }) => revision >= start);
    return wanted.slice(0, count).map((event) => this.shown(event, resolve, 'past'));
  }

  private readAll(args: Args): unknown {
    const { direction, from, count, resolve, filter } = args;
    if (typeof from !== 'string' || (filter !== undefined && !isModelledFilter(filter))) return UNKNOWN;
    const all = this.model.all.filter((event) => filter === undefined || wantedBy(filter, event));
    const events = direction === 'backwards' ? all.reverse() : all;
    if ((direction === 'backwards') !== (from === 'end')) return UNKNOWN;
    return events.slice(0, Number(count)).map((event) => this.shown(event, resolve, 'past'));
  }

  private subscribe(args: Args): unknown {
    const { name, all, from, resolve, filter } = args;
    if (filter !== undefined && all) return this.subscribeFiltered(args, filter);
    if (filter !== undefined || typeof from === 'object') return UNKNOWN;
    const stream = all ? undefined : streamOf(args);
    if (stream !== undefined && this.model.isTombstoned(stream)) return [deleted(stream), 'ended'];
    const past = stream === undefined ? this.model.all : (this.model.visible(stream) ?? []);
    const end = stream === undefined ? -1n : this.model.last(stream);
    const after = from === 'end' ? end : from === 'start' || from === 'beginning' ? -1n : BigInt(from);
    const behind = from === 'end' ? [] : past.filter(({ revision }) => stream === undefined || revision > after);
    const last = stream === undefined ? -1 : behind.findIndex(({ type }) => type === '$streamDeleted');
    const said = behind
      .slice(0, last < 0 ? behind.length : last + 1)
      .map((event) => this.shown(event, resolve, 'past'));
    if (stream !== undefined && last >= 0) return ['confirmed', ...said, deleted(stream), 'ended'];
    this.subscriptions.set(name, { stream, after, resolve, filtered: undefined, said: [], over: false });
    return ['confirmed', ...said, 'caught up'];
  }

  private subscribeFiltered({ name, from, resolve }: Args, filter: FilterArgs): unknown {
    const after = this.indexOf(from);
    if (after === undefined || !isModelledFilter(filter) || filter.interval < 1) return UNKNOWN;
    const log = [MARK, ...this.model.all];
    const shown = (event: ModelEvent): unknown => this.shown(event, resolve, 'past');
    const filtered = new ModelFilteredSubscription(filter, log, after, shown);
    const said = filtered.catchUp();
    this.subscriptions.set(name, { stream: undefined, after: -1n, resolve, filtered, said: [], over: false });
    return ['confirmed', ...said, 'caught up'];
  }

  /** Where in the log a subscription to `$all` begins: 0 is the mark. */
  private indexOf(from: Args['from']): number | undefined {
    if (from === 'beginning') return 0;
    if (from === 'end') return this.model.all.length;
    if (typeof from !== 'object' || !('event' in from) || from.add !== 0 || from.prepare !== undefined)
      return undefined;
    const index = this.model.all.findIndex((event) => nameOf(event) === from.event);
    return index < 0 ? undefined : index + 1;
  }

  private observe(name: string): unknown {
    const subscription = this.subscriptions.get(name);
    if (subscription === undefined) return UNKNOWN;
    const { said } = subscription;
    subscription.said = [];
    return said;
  }

  private shown(event: ModelEvent, resolve: boolean, reader: 'past' | 'live'): unknown {
    if (!resolve || event.type !== '$>') return named(event);
    const target = this.model.target(event);
    if (target === 'unreadable' && reader === 'past') return named(event);
    if (target === undefined || target === 'unreadable') return { link: named(event) };
    const said = named(target);
    return { ...(typeof said === 'string' ? { at: said } : said), link: named(event) };
  }
}

/** The steps of a conversation whose answers the model knows. */
export function isModelled({ steps }: Conversation): boolean {
  return steps.every(
    ([, { omit, chunks, events, stream }]) =>
      omit.length === 0 &&
      chunks === undefined &&
      typeof stream !== 'object' &&
      events.every((event) => event.omit.length === 0 && event.contentType === undefined && event.metadata === ''),
  );
}

function streamOf({ stream }: Args): string {
  return typeof stream === 'string' ? stream : '';
}

function revisionName(revision: bigint): string | number {
  return revision === LARGEST ? 'largest' : Number(revision);
}

function nameOf({ stream, revision }: ModelEvent): string {
  return `${stream}@${String(revisionName(revision))}`;
}

function named(event: ModelEvent): string | Readonly<Record<string, unknown>> {
  const { type, id, data, json } = event;
  const unusual = {
    ...(type === 'T' ? {} : { type }),
    ...(id === 'new' ? {} : { id }),
    ...(data === '{}' ? {} : { data: data.length > 300 ? { size: data.length } : data }),
    ...(json ? {} : { json }),
  };
  return Object.keys(unusual).length === 0 ? nameOf(event) : { at: nameOf(event), ...unusual };
}

function placeName(place: ModelEvent | Behind | undefined): string {
  if (place === undefined) return 'none';
  if ('stream' in place) return nameOf(place);
  return place.behind === undefined ? 'at the beginning' : `after ${nameOf(place.behind)}`;
}

function deleted(stream: string): Readonly<Record<string, string>> {
  return { result: 'FAILED_PRECONDITION', exception: 'stream-deleted', 'stream-name': stream };
}

function written(answer: WriteAnswer, stream: string, args: Args, isRemoval: boolean): unknown {
  if (answer.kind === 'ok') {
    const place = placeName(answer.place);
    if (isRemoval) return `ok, ${place}`;
    return `ok, at ${answer.revision < 0n ? 'no stream' : String(revisionName(answer.revision))}, ${place}`;
  }
  const { expected, api } = args;
  if (answer.kind === 'deleted') {
    return isRemoval || api === 'classic' ? deleted(stream) : { result: 'StreamDeleted', code: 5, stream };
  }
  if (isRemoval) {
    const words = { any: -2, no_stream: -1, stream_exists: -4 };
    const number = Object.entries(words).find(([word]) => word === expected)?.[1] ?? expected;
    return {
      ...{ result: 'FAILED_PRECONDITION', exception: 'wrong-expected-version', 'stream-name': stream },
      ...{ 'expected-version': String(number), 'actual-version': String(answer.current) },
    };
  }
  const current = answer.current < 0n ? 'no stream' : revisionName(answer.current);
  return { result: 'WrongExpectedVersion', ...(api === 'classic' ? {} : { code: 6 }), expected, current };
}
