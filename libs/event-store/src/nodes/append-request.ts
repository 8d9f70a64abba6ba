import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { StreamIdentifier } from '@eventstore/db-client/generated/shared_pb';
import { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb';
import { StoreRefused, type NewEvent } from '../port';
import type { Write } from './node';
import { uuidOf } from './uuids';

/** What the server refuses to take in one append; checked here as well, for an error that says which stream it was. */
const MAX_APPEND_BYTES = 1024 * 1024;

const utf8 = new TextEncoder();

/**
 * An append in the protocol's words, but for its correlation id.
 * @param deadlineMs after that long no node is to take it
 * @throws StoreRefused when no server would take it
 */
export function appendRequest({ stream, expected, events }: Write, deadlineMs: number): BatchAppendReq {
  const options = new BatchAppendReq.Options()
    .setStreamIdentifier(identifierOf(stream))
    .setDeadline(Timestamp.fromDate(new Date(Date.now() + deadlineMs)));
  if (expected === 'no-stream') options.setNoStream(new Empty());
  else if (expected === 'any') options.setAny(new Empty());
  else options.setStreamPosition(expected.toString());
  return new BatchAppendReq().setOptions(options).setProposedMessagesList(proposed(stream, events)).setIsFinal(true);
}

export function identifierOf(stream: string): StreamIdentifier {
  return new StreamIdentifier().setStreamName(utf8.encode(stream));
}

function proposed(stream: string, events: readonly NewEvent[]): BatchAppendReq.ProposedMessage[] {
  let bytes = 0;
  const messages = events.map(({ id, type, data, metadata }) => {
    const said = [json(stream, type, data), json(stream, type, metadata)] as const;
    bytes += said[0].length + said[1].length + 2 * type.length;
    const message = new BatchAppendReq.ProposedMessage().setId(uuidOf(id)).setData(said[0]).setCustomMetadata(said[1]);
    message.getMetadataMap().set('type', type).set('content-type', 'application/json');
    return message;
  });
  if (bytes <= MAX_APPEND_BYTES) return messages;
  throw new StoreRefused(`append to ${stream}: ${String(bytes)} bytes, at most ${String(MAX_APPEND_BYTES)} are taken`);
}

function json(stream: string, type: string, body: Readonly<Record<string, unknown>>): Uint8Array {
  try {
    return utf8.encode(JSON.stringify(body));
  } catch (error) {
    throw new StoreRefused(`append to ${stream}: ${type} cannot be written as JSON`, { cause: error });
  }
}
