import fc from 'fast-check';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb';
import { decodeBatchRequest } from './batch-request';
import { fieldsOf } from './proposal';
import { MalformedMessageError } from './protobuf-reader';

const uuid = fc.oneof(
  fc.uuid().map((text) => new UUID().setString(text)),
  fc.constantFrom('', 'nonsense', '0011223344556677-8899aabbccddeeff').map((text) => new UUID().setString(text)),
  fc.tuple(int64(), int64()).map(([most, least]) => {
    const halves = new UUID.Structured().setMostSignificantBits(most).setLeastSignificantBits(least);
    return new UUID().setStructured(halves);
  }),
);

function int64(): fc.Arbitrary<string> {
  return fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String);
}

const proposed = fc
  .record({ id: uuid, type: fc.string({ unit: 'grapheme' }), data: fc.uint8Array(), meta: fc.uint8Array() })
  .map(({ id, type, data, meta }) => {
    const message = new BatchAppendReq.ProposedMessage().setId(id).setData(data).setCustomMetadata(meta);
    message.getMetadataMap().set('type', type).set('content-type', 'application/json');
    return message;
  });

const expectation = fc.oneof(
  fc.bigInt(0n, 2n ** 63n - 1n).map((n) => (options: BatchAppendReq.Options) => options.setStreamPosition(String(n))),
  fc.constant((options: BatchAppendReq.Options) => options.setAny(new Empty())),
  fc.constant((options: BatchAppendReq.Options) => options.setNoStream(new Empty())),
  fc.constant((options: BatchAppendReq.Options) => options.setStreamExists(new Empty())),
);

const request = fc
  .record({
    correlation: uuid,
    stream: fc.string({ unit: 'grapheme' }),
    expect: expectation,
    deadline: fc.integer({ min: 0, max: 2 ** 31 }),
    events: fc.array(proposed, { maxLength: 4 }),
    isFinal: fc.boolean(),
  })
  .map(({ correlation, stream, expect: set, deadline, events, isFinal }) => {
    const options = new BatchAppendReq.Options()
      .setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(stream)))
      .setDeadline(new Timestamp().setSeconds(deadline).setNanos(123_000_000));
    set(options);
    return new BatchAppendReq()
      .setCorrelationId(correlation)
      .setOptions(options)
      .setProposedMessagesList(events)
      .setIsFinal(isFinal);
  });

describe('a batch append request, decoded by hand', () => {
  it('says what the generated decoder says', () => {
    fc.assert(
      fc.property(request, (sent) => {
        const bytes = Buffer.from(sent.serializeBinary());
        const decoded = decodeBatchRequest(bytes);
        const options = sent.getOptions();
        expect(decoded.isFinal).toBe(sent.getIsFinal());
        expect(decoded.options?.stream?.toString() ?? '').toBe(
          Buffer.from(options?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
        );
        expect(decoded.options?.deadlineMs).toBe((options?.getDeadline()?.getSeconds() ?? 0) * 1_000 + 123);
        const { expectation } = decoded.options ?? {};
        const revision = typeof expectation === 'string' ? undefined : expectation?.revision;
        expect(revision).toBe(options?.hasStreamPosition() === true ? options.getStreamPosition() : undefined);
        expect(decoded.events.map(plain)).toEqual(
          BatchAppendReq.deserializeBinary(bytes).getProposedMessagesList().map(fieldsOf).map(plain),
        );
        const id = decoded.correlationId;
        if (id !== undefined)
          expect(UUID.deserializeBinary(id).toObject()).toEqual(sent.getCorrelationId()?.toObject());
      }),
    );
  });

  it('knows a missing correlation id', () => {
    expect(decodeBatchRequest(Buffer.alloc(0)).correlationId).toBeUndefined();
    const empty = new BatchAppendReq().setCorrelationId(new UUID().setString(''));
    expect(decodeBatchRequest(Buffer.from(empty.serializeBinary())).correlationId).toBeUndefined();
  });

  it('refuses what is cut off, and never does anything else with bytes at random', () => {
    fc.assert(
      fc.property(request, fc.nat(), (sent, cut) => {
        const bytes = Buffer.from(sent.serializeBinary());
        takesOrRefuses(bytes.subarray(0, cut % (bytes.length + 1)));
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        takesOrRefuses(Buffer.from(bytes));
      }),
    );
  });
});

function takesOrRefuses(bytes: Buffer): void {
  try {
    expect(decodeBatchRequest(bytes).events.length).toBeLessThanOrEqual(bytes.length);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedMessageError);
  }
}

const plain = ({ id, type, contentType, data, metadata }: ReturnType<typeof fieldsOf>): unknown => ({
  id: id?.toString('hex'),
  type,
  contentType,
  data: Buffer.from(data).toString('hex'),
  metadata: Buffer.from(metadata).toString('hex'),
});
