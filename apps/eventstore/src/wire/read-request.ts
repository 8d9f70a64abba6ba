import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import type { Place } from '../subscriptions/checkpoints';
import { eventFilter, type CheckpointedFilter } from '../subscriptions/filter';
import { invalidArgument, thrownByHandler } from './errors';
import { clampU64, streamNameOf } from './proposal';
import type { UuidForm } from './read-encoder';

/** Where a read begins: by a revision in a stream, by a place in `$all`. */
export type From<At> = 'start' | 'end' | At;

export type ReadTarget =
  | { readonly kind: 'stream'; readonly stream: string; readonly from: From<number> }
  | { readonly kind: 'all'; readonly from: From<Place>; readonly filter: CheckpointedFilter | undefined };

/** A checked read request. */
export interface ReadPlan {
  readonly target: ReadTarget;
  readonly backwards: boolean;
  /** Events wanted, or a subscription that never ends by itself. */
  readonly limit: number | 'subscription';
  readonly resolveLinks: boolean;
  readonly uuidForm: UuidForm;
  /** The reader wants to be told where the stream begins and ends. */
  readonly wantsBounds: boolean;
}

const INT64_MAX = 2n ** 63n - 1n;
/** Stands for "the end" where a revision or a position is asked for. */
const U64_MAX = 2n ** 64n - 1n;

/** The search window when the client leaves it to the server. */
const DEFAULT_WINDOW = 32;

/** @throws WireError when the request contradicts itself or lacks something; refused as EventStoreDB refuses it */
export function readPlanOf(request: ReadReq): ReadPlan {
  const options = request.getOptions();
  if (options === undefined) throw thrownByHandler('options are missing');
  const uuidForm = formOf(options);
  if (!options.hasStream() && !options.hasAll()) throw invalidArgument('neither a stream nor $all is asked for');
  const backwards = options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS;
  if (!options.hasSubscription() && !options.hasCount()) throw invalidArgument('neither a count nor a subscription');
  const limit = options.hasSubscription() ? 'subscription' : clampU64(options.getCount());
  if (limit === 'subscription' && backwards) throw invalidArgument('a subscription cannot read backwards');
  return {
    target: targetOf(options),
    backwards,
    limit,
    resolveLinks: options.getResolveLinks(),
    uuidForm,
    wantsBounds: (options.getControlOption()?.getCompatibility() ?? 0) >= 1,
  };
}

function formOf(options: ReadReq.Options): UuidForm {
  const form = options.getUuidOption();
  if (form === undefined) throw invalidArgument('the form of ids (uuid_option) is missing');
  return form.hasString() ? 'string' : 'structured';
}

function targetOf(options: ReadReq.Options): ReadTarget {
  if (!options.hasFilter() && !options.hasNoFilter()) throw invalidArgument('neither a filter nor no_filter');
  const stream = options.getStream();
  if (stream !== undefined) {
    if (options.hasFilter()) throw invalidArgument('a filter is for $all, not for one stream');
    const name = streamNameOf(stream.getStreamIdentifier()?.getStreamName_asU8());
    if (name === undefined) throw thrownByHandler('the stream has no name');
    return { kind: 'stream', stream: name, from: revisionOf(stream) };
  }
  const all = options.getAll() ?? new ReadReq.Options.AllOptions();
  const filter = filterOf(options.getFilter(), options.hasSubscription());
  return { kind: 'all', from: placeOf(all), filter };
}

function revisionOf(stream: ReadReq.Options.StreamOptions): From<number> {
  if (stream.hasStart()) return 'start';
  if (stream.hasEnd()) return 'end';
  if (!stream.hasRevision()) throw thrownByHandler('the read has no beginning');
  const revision = u64(stream.getRevision());
  if (revision === U64_MAX) return 'end';
  if (revision > INT64_MAX) throw thrownByHandler('the revision is larger than any revision can be');
  return clampU64(stream.getRevision());
}

/** Positions are pairs in order; an event's own has two equal halves. */
function placeOf(all: ReadReq.Options.AllOptions): From<Place> {
  if (all.hasStart()) return 'start';
  if (all.hasEnd()) return 'end';
  const position = all.getPosition();
  if (position === undefined) throw thrownByHandler('the read has no beginning');
  const [commit, prepare] = [u64(position.getCommitPosition()), u64(position.getPreparePosition())];
  if (commit === U64_MAX) return 'end';
  if (prepare > commit || commit > INT64_MAX) throw thrownByHandler('the position is none');
  return { commit: clampU64(String(commit)), prepare: clampU64(String(prepare)) };
}

/** @param decimal a u64, which the generated decoder may give as int64 */
function u64(decimal: string): bigint {
  return BigInt.asUintN(64, BigInt(decimal));
}

function filterOf(
  filter: ReadReq.Options.FilterOptions | undefined,
  subscription: boolean,
): CheckpointedFilter | undefined {
  if (filter === undefined) return undefined;
  const byType = filter.getEventType();
  const expression = byType ?? filter.getStreamIdentifier();
  if (expression === undefined) throw invalidArgument('the filter has no expression');
  const pattern = { regex: expression.getRegex(), prefixes: expression.getPrefixList() };
  const matches = eventFilter(byType === undefined ? 'stream' : 'type', pattern);
  if ('why' in matches) throw (matches.isInvalid ? thrownByHandler : invalidArgument)(matches.why);
  if (!filter.hasMax() && !filter.hasCount()) throw invalidArgument('the filter has no search window');
  const window = filter.hasMax() ? filter.getMax() : DEFAULT_WINDOW;
  const interval = filter.getCheckpointintervalmultiplier() * window;
  if (subscription && interval < 1) throw thrownByHandler('checkpoints must be at least one event apart');
  if (window < 1) throw invalidArgument('the search window must be at least 1');
  return { matches, pace: { window, interval } };
}
