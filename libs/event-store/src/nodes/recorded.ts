import type { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { bodyOf } from '../body';
import type { LogMessage, RecordedEvent } from '../port';
import { textOf } from './uuids';

const TICKS_PER_MS = 10_000n;
const JSON_TYPE = 'application/json';

function eventIn(answer: ReadResp): RecordedEvent | undefined {
  const event = answer.getEvent()?.getEvent();
  return event === undefined ? undefined : recorded(event);
}

/** A message of a read, of those that the port knows: not of a link whose event is gone. */
export function messageIn(answer: ReadResp): LogMessage | undefined {
  if (answer.hasCaughtUp()) return { kind: 'caught-up' };
  const checkpoint = answer.getCheckpoint();
  if (checkpoint !== undefined) return { kind: 'checkpoint', position: BigInt(checkpoint.getCommitPosition()) };
  const event = eventIn(answer);
  return event === undefined ? undefined : { kind: 'event', event };
}

function recorded(event: ReadResp.ReadEvent.RecordedEvent): RecordedEvent {
  const said = event.getMetadataMap();
  return {
    id: textOf(event.getId()),
    type: said.get('type') ?? '',
    stream: text(event.getStreamIdentifier()?.getStreamName_asU8()),
    revision: BigInt(event.getStreamRevision()),
    position: BigInt(event.getCommitPosition()),
    created: new Date(Number(BigInt(said.get('created') ?? 0) / TICKS_PER_MS)).toISOString(),
    data: bodyOf(said.get('content-type') === JSON_TYPE ? parsed(event.getData_asU8(), 'text') : event.getData_asU8()),
    metadata: bodyOf(parsed(event.getCustomMetadata_asU8(), 'bytes')),
  };
}

/** What others wrote may be no JSON. */
function parsed(bytes: Uint8Array, otherwise: 'text' | 'bytes'): unknown {
  if (bytes.length === 0 && otherwise === 'bytes') return undefined;
  const said = text(bytes);
  try {
    return JSON.parse(said) as unknown;
  } catch {
    return otherwise === 'text' ? said : bytes;
  }
}

function text(bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
