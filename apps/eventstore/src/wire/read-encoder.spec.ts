import * as fc from 'fast-check';
import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { TOMBSTONE_REVISION, type StoredEvent } from '../log/events';
import {
  encodeCaughtUp,
  encodeCheckpoint,
  encodeConfirmation,
  encodeEvent,
  encodeStreamNotFound,
  type UuidForm,
} from './read-encoder';
import { uuidBytes } from './proposal';
import { formatUuid } from './uuid';

const SEED = Number(process.env['SEED'] ?? 1);

const integer = fc.oneof(
  fc.nat(300),
  fc.nat(),
  fc.maxSafeNat(),
  fc.integer({ min: 0, max: 53 }).map((bits) => 2 ** bits - 1),
);
const bytes = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 400 })).map((a) => Buffer.from(a));
const text = fc.oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ minLength: 120, maxLength: 300 }));

const storedEvent: fc.Arbitrary<StoredEvent> = fc.record({
  position: integer,
  stream: text.map((name) => ({ sid: 1, name, bytes: Buffer.from(name) })),
  revision: fc.oneof(integer, fc.constant(TOMBSTONE_REVISION)),
  id: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((a) => Buffer.from(a)),
  type: text.map((name) => ({ id: 1, name, bytes: Buffer.from(name) })),
  json: fc.boolean(),
  createdMs: fc.integer({ min: 1, max: 4e12 }),
  data: bytes,
  metadata: bytes,
});

/** What the generated decoder makes of a record, in the terms of the log. */
function decoded(record: ReadResp.ReadEvent.RecordedEvent | undefined): object | undefined {
  if (record === undefined) return undefined;
  return {
    stream: Buffer.from(record.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8'),
    revision: record.getStreamRevision(),
    commit: record.getCommitPosition(),
    prepare: record.getPreparePosition(),
    id: uuidBytes(record.getId())?.toString('hex'),
    metadata: Object.fromEntries(record.getMetadataMap().toObject(true)),
    custom: Buffer.from(record.getCustomMetadata_asU8()).toString('hex'),
    data: Buffer.from(record.getData_asU8()).toString('hex'),
  };
}

function expected(event: StoredEvent): object {
  return {
    stream: event.stream.bytes.toString('utf8'),
    revision: event.revision === TOMBSTONE_REVISION ? '9223372036854775807' : String(event.revision),
    commit: String(event.position),
    prepare: String(event.position),
    id: event.id.toString('hex'),
    metadata: {
      type: event.type.bytes.toString('utf8'),
      created: String(BigInt(event.createdMs) * 10_000n),
      'content-type': event.json ? 'application/json' : 'application/octet-stream',
    },
    custom: event.metadata.toString('hex'),
    data: event.data.toString('hex'),
  };
}

describe('the hand-written ReadResp encoder', () => {
  it(`says what the generated decoder reads back (SEED=${String(SEED)})`, () => {
    const form = fc.constantFrom<UuidForm>('string', 'structured');
    fc.assert(
      fc.property(storedEvent, fc.option(storedEvent, { nil: undefined }), form, (event, link, uuidForm) => {
        const response = ReadResp.deserializeBinary(encodeEvent({ event, link }, uuidForm));
        expect(response.getContentCase()).toBe(ReadResp.ContentCase.EVENT);
        const body = response.getEvent();
        expect(decoded(body?.getEvent())).toEqual(expected(event));
        expect(decoded(body?.getLink())).toEqual(link === undefined ? undefined : expected(link));
        expect(body?.hasCommitPosition()).toBe(true);
        expect(body?.getCommitPosition()).toBe(String((link ?? event).position));
        expect(body?.getEvent()?.getId()?.hasStructured()).toBe(uuidForm === 'structured');
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('sends a link whose target is gone without an event', () => {
    const [link] = fc.sample(storedEvent, { seed: SEED, numRuns: 1 });
    if (link === undefined) throw new Error('no sample');
    const body = ReadResp.deserializeBinary(encodeEvent({ event: undefined, link }, 'string')).getEvent();
    expect([body?.hasEvent(), decoded(body?.getLink())]).toEqual([false, expected(link)]);
  });

  it('writes ids as lower-case text', () => {
    expect(formatUuid(Buffer.from('00112233445566778899aabbccddeeff', 'hex'))).toBe(
      '00112233-4455-6677-8899-aabbccddeeff',
    );
  });

  it('encodes the other messages of a read', () => {
    const decode = (message: Buffer): ReadResp => ReadResp.deserializeBinary(message);
    expect(decode(encodeConfirmation('some-id')).getConfirmation()?.getSubscriptionId()).toBe('some-id');
    expect(decode(encodeCaughtUp()).hasCaughtUp()).toBe(true);
    const missing = decode(encodeStreamNotFound('ключ')).getStreamNotFound()?.getStreamIdentifier();
    expect(Buffer.from(missing?.getStreamName_asU8() ?? []).toString()).toBe('ключ');
    fc.assert(
      fc.property(integer, integer, (commit, prepare) => {
        const checkpoint = decode(encodeCheckpoint({ commit, prepare })).getCheckpoint();
        expect(checkpoint?.toObject()).toEqual({
          commitPosition: String(commit),
          preparePosition: String(prepare),
        });
      }),
      { seed: SEED },
    );
  });
});
