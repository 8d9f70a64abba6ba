import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { eventFilter, type CheckpointedFilter } from '../subscriptions/filter';
import { invalidArgument } from './errors';
import { clampU64, streamNameOf } from './proposal';
import type { UuidForm } from './read-encoder';

/** Where a read begins; numbers are revisions (stream) or positions ($all). */
export type From = 'start' | 'end' | number;

export type ReadTarget =
  | { readonly kind: 'stream'; readonly stream: string; readonly from: From }
  | { readonly kind: 'all'; readonly from: From; readonly filter: CheckpointedFilter | undefined };

/** A checked read request. */
export interface ReadPlan {
  readonly target: ReadTarget;
  readonly backwards: boolean;
  /** Events wanted, or a subscription that never ends by itself. */
  readonly limit: number | 'subscription';
  readonly resolveLinks: boolean;
  readonly uuidForm: UuidForm;
}

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
  };
}

function formOf(options: ReadReq.Options): UuidForm {
  const form = options.getUuidOption();
  if (form?.hasStructured() === true) return 'structured';
  if (form?.hasString() === true) return 'string';
  throw invalidArgument('the form of ids (uuid_option) is missing');
}

function targetOf(options: ReadReq.Options): ReadTarget {
  const stream = options.getStream();
  if (stream !== undefined) {
    const name = streamNameOf(stream.getStreamIdentifier()?.getStreamName_asU8());
    if (name === undefined) throw invalidArgument('the stream name is missing, too long or not UTF-8');
    const revision = stream.hasRevision() ? clampU64(stream.getRevision()) : undefined;
    return { kind: 'stream', stream: name, from: revision ?? (stream.hasEnd() ? 'end' : 'start') };
  }
  const all = options.getAll();
  if (all === undefined) throw invalidArgument('neither a stream nor $all is asked for');
  const position = all.getPosition();
  const from = position === undefined ? (all.hasEnd() ? 'end' : 'start') : clampU64(position.getCommitPosition());
  return { kind: 'all', from, filter: filterOf(options.getFilter(), options.hasSubscription()) };
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
  const window = filter.hasMax() ? filter.getMax() : DEFAULT_WINDOW;
  if (window < 1) throw invalidArgument('the search window must be at least 1');
  const pattern = { regex: expression.getRegex(), prefixes: expression.getPrefixList() };
  const matches = eventFilter(byType === undefined ? 'stream' : 'type', pattern);
  if (typeof matches === 'string') throw invalidArgument(matches);
  return { matches, checkpointInterval: multiplier * window };
}
