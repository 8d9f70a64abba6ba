import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import type { Position } from '../port';
import { identifierOf } from './append-request';
import type { Wanted } from './node';

/** More than any stream has. */
const ALL = Number.MAX_SAFE_INTEGER;

/** Events looked at between two checkpoints, so that a long run of unwanted ones is not read again after a restart. */
const CHECKPOINT_WINDOW = 512;

const { ReadDirection } = ReadReq.Options;

const asked = (): ReadReq.Options =>
  new ReadReq.Options().setUuidOption(new ReadReq.Options.UUIDOption().setString(new Empty()));

export function readRequest(wanted: Wanted): ReadReq {
  switch (wanted.kind) {
    case 'stream':
      return forwards(wanted.stream, wanted.from);
    case 'last':
      return lastOf(wanted.stream);
    case 'end':
      return endOfLog(wanted.count);
    case 'all':
      return subscription(wanted.after, wanted.regex);
  }
}

/** Forwards from that revision to the end of the stream. */
function forwards(stream: string, from: bigint): ReadReq {
  const place = new ReadReq.Options.StreamOptions().setStreamIdentifier(identifierOf(stream)).setRevision(String(from));
  const options = asked().setStream(place).setReadDirection(ReadDirection.FORWARDS).setNoFilter(new Empty());
  return new ReadReq().setOptions(options.setCount(String(ALL)));
}

/** The last event of a stream. */
function lastOf(stream: string): ReadReq {
  const place = new ReadReq.Options.StreamOptions().setStreamIdentifier(identifierOf(stream)).setEnd(new Empty());
  const options = asked().setStream(place).setReadDirection(ReadDirection.BACKWARDS).setNoFilter(new Empty());
  return new ReadReq().setOptions(options.setCount('1'));
}

/** The last events of the log, the newest first. */
function endOfLog(count: number): ReadReq {
  const place = new ReadReq.Options.AllOptions().setEnd(new Empty());
  const options = asked().setAll(place).setReadDirection(ReadDirection.BACKWARDS).setNoFilter(new Empty());
  return new ReadReq().setOptions(options.setCount(String(count)));
}

/** Everything in the log behind that position whose type matches the expression, for ever. */
function subscription(after: Position | undefined, regex: string): ReadReq {
  const place = new ReadReq.Options.AllOptions();
  if (after === undefined) place.setStart(new Empty());
  else {
    // an event appended by itself has one number for both: only those of the transactions of old clients have two
    const both = String(after);
    place.setPosition(new ReadReq.Options.Position().setCommitPosition(both).setPreparePosition(both));
  }
  const filter = new ReadReq.Options.FilterOptions()
    .setEventType(new ReadReq.Options.FilterOptions.Expression().setRegex(regex))
    .setMax(CHECKPOINT_WINDOW)
    .setCheckpointintervalmultiplier(1);
  const options = asked().setAll(place).setFilter(filter).setSubscription(new ReadReq.Options.SubscriptionOptions());
  return new ReadReq().setOptions(options);
}
