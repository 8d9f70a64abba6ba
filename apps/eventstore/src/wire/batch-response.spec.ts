import { UUID, WrongExpectedVersion, MaximumAppendSizeExceeded } from '@eventstore/db-client/generated/shared_pb';
import { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { encodeBatchError, encodeBatchSuccess, type BatchTarget } from './batch-response';

const text = new UUID().setString('00112233-4455-6677-8899-aabbccddeeff');
const halves = new UUID().setStructured(
  new UUID.Structured().setMostSignificantBits('-5').setLeastSignificantBits('7'),
);

function target(overrides: Partial<BatchTarget> = {}): BatchTarget {
  return { correlationId: text.serializeBinary(), stream: 'поток', expected: 'any', revision: undefined, ...overrides };
}

function streamOf(response: BatchAppendResp): string {
  return Buffer.from(response.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
}

describe('answers to batch appends', () => {
  it.each([
    [0, 0],
    [127, 128],
    [2 ** 31, 2 ** 52],
  ])('tells revision %d and position %d to the generated decoder', (revision, position) => {
    for (const id of [text, halves]) {
      const correlationId = id.serializeBinary();
      const response = BatchAppendResp.deserializeBinary(
        encodeBatchSuccess(target({ correlationId }), revision, position),
      );
      expect(response.getCorrelationId()?.toObject()).toEqual(id.toObject());
      expect(response.getSuccess()?.getCurrentRevision()).toBe(String(revision));
      expect(response.getSuccess()?.getPosition()?.toObject()).toEqual({
        commitPosition: String(position),
        preparePosition: String(position),
      });
      expect([response.hasSuccess(), response.hasError(), streamOf(response)]).toEqual([true, false, 'поток']);
    }
  });

  it('says so when the stream has no events and nothing was written', () => {
    const success = BatchAppendResp.deserializeBinary(encodeBatchSuccess(target(), -1, undefined)).getSuccess();
    expect([success?.hasNoStream(), success?.hasNoPosition()]).toEqual([true, true]);
  });

  it('explains a wrong expected version', () => {
    const bytes = encodeBatchError(target({ expected: 9, revision: '18446744073709551615' }), {
      kind: 'wrong-expected-version',
      current: -1,
    });
    const response = BatchAppendResp.deserializeBinary(bytes);
    const details = response.getError()?.getDetails();
    expect([response.getError()?.getCode(), streamOf(response)]).toEqual([6, 'поток']);
    expect(details?.getTypeUrl()).toBe('type.googleapis.com/event_store.client.WrongExpectedVersion');
    const unpacked = details?.unpack(
      (packed) => WrongExpectedVersion.deserializeBinary(packed),
      'event_store.client.WrongExpectedVersion',
    );
    expect([unpacked?.hasCurrentNoStream(), unpacked?.getExpectedStreamPosition()]).toEqual([
      true,
      '18446744073709551615',
    ]);
  });

  it.each([
    [{ kind: 'stream-deleted' }, 5, 'StreamDeleted'],
    [{ kind: 'timeout' }, 4, 'Timeout'],
    [{ kind: 'unavailable', reason: 'the log could not be written' }, 14, 'Unavailable'],
    [{ kind: 'bad-request', message: 'no' }, 3, 'BadRequest'],
  ] as const)('answers %j with code %d and %s', (reason, code, type) => {
    const error = BatchAppendResp.deserializeBinary(encodeBatchError(target(), reason)).getError();
    expect([error?.getCode(), error?.getDetails()?.getTypeName()]).toEqual([code, `event_store.client.${type}`]);
  });

  it('tells the limit that an append exceeded', () => {
    const error = BatchAppendResp.deserializeBinary(
      encodeBatchError(target(), { kind: 'too-large', maxAppendSize: 42 }),
    );
    const details = error.getError()?.getDetails();
    const unpacked = details?.unpack(
      (packed) => MaximumAppendSizeExceeded.deserializeBinary(packed),
      'event_store.client.MaximumAppendSizeExceeded',
    );
    expect(unpacked?.getMaxappendsize()).toBe(42);
  });
});
