import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { eventFilter, type CheckpointedFilter } from '../subscriptions/filter';
import { invalidArgument } from './errors';
import { clampU64, streamNameOf } from './proposal';
import type { UuidForm } from './read-encoder';

/** Where a read begins; numbers are revisions (stream) or positions ($all). */
export type From = 'start' | 'end' | number;

export type ReadTarget =
  | { readonly kind: 'stream'; readonly stream: string; readonly from: From }
  | {
      readonly kind: 'all';
      readonly from: From;
      /** The prepare position lies before the commit position: the pair stands before the event there. */
      readonly isBefore: boolean;
      readonly filter: CheckpointedFilter | undefined;
    };

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

/** @throws WireError (INVALID_ARGUMENT) when the request contradicts itself or lacks something */
export function readPlanOf(request: ReadReq): ReadPlan {
  const options = request.getOptions();
  if (options === undefined) throw invalidArgument('options are missing');
  const backwards = options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS;
  if (!options.hasSubscription() && !options.hasCount()) throw invalidArgument('neither a count nor a subscription');
  const limit = options.hasSubscription() ? 'subscription' : clampU64(options.getCount());
  if (limit === 'subscription' && backwards) throw invalidArgument('a subscription cannot read backwards');
  return {
    target: targetOf(options),
    backwards,
    limit,
    resolveLinks: options.getResolveLinks(),
    uuidForm: formOf(options),
    wantsBounds: (options.getControlOption()?.getCompatibility() ?? 0) >= 1,
  };
}

function formOf(options: ReadReq.Options): UuidForm {
  const form = options.getUuidOption();
  if (form?.hasStructured() === true) return 'structured';
  if (form?.hasString() === true) return 'string';
  throw invalidArgument('the form of ids (uuid_option) is missing');
}

function targetOf(options: ReadReq.Options): ReadTarget {
  if (!options.hasFilter() && !options.hasNoFilter()) throw invalidArgument('neither a filter nor no_filter');
  const stream = options.getStream();
  if (stream !== undefined) {
    const name = streamNameOf(stream.getStreamIdentifier()?.getStreamName_asU8());
    if (name === undefined) throw invalidArgument('the stream name is missing, too long or not UTF-8');
    if (options.hasFilter()) throw invalidArgument('a filter is for $all, not for one stream');
    return { kind: 'stream', stream: name, from: revisionOf(stream) };
  }
  const all = options.getAll();
  if (all === undefined) throw invalidArgument('neither a stream nor $all is asked for');
  const filter = filterOf(options.getFilter(), options.hasSubscription());
  return { kind: 'all', ...positionOf(all), filter };
}

function revisionOf(stream: ReadReq.Options.StreamOptions): From {
  if (stream.hasStart()) return 'start';
  if (stream.hasEnd()) return 'end';
  if (!stream.hasRevision()) throw invalidArgument('the read has no beginning');
  const revision = u64(stream.getRevision());
  if (revision === U64_MAX) return 'end';
  if (revision > INT64_MAX) throw invalidArgument('the revision is larger than any revision can be');
  return clampU64(stream.getRevision());
}

/** Positions are pairs in order; an event's own has two equal halves. */
function positionOf(all: ReadReq.Options.AllOptions): { from: From; isBefore: boolean } {
  const position = all.getPosition();
  if (position === undefined) return { from: all.hasEnd() ? 'end' : 'start', isBefore: false };
  const [commit, prepare] = [u64(position.getCommitPosition()), u64(position.getPreparePosition())];
  if (commit === U64_MAX) return { from: 'end', isBefore: false };
  return { from: clampU64(position.getCommitPosition()), isBefore: prepare < commit };
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
  const multiplier = filter.getCheckpointintervalmultiplier();
  if (subscription && multiplier < 1) throw invalidArgument('checkpointIntervalMultiplier must be at least 1');
  if (!filter.hasMax() && !filter.hasCount()) throw invalidArgument('the filter has no search window');
  const window = filter.hasMax() ? filter.getMax() : DEFAULT_WINDOW;
  if (window < 1) throw invalidArgument('the search window must be at least 1');
  const pattern = { regex: expression.getRegex(), prefixes: expression.getPrefixList() };
  const matches = eventFilter(byType === undefined ? 'stream' : 'type', pattern);
  if (typeof matches === 'string') throw invalidArgument(matches);
  return { matches, checkpointInterval: multiplier * window };
}
