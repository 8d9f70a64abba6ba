import { UUID } from '@eventstore/db-client/generated/shared_pb';
import { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb';
import { streamDeleted } from './errors';
import { Proposal, clampU64, fieldsOf, streamNameOf } from './proposal';

interface Parts {
  readonly id?: string;
  readonly type?: string;
  readonly contentType?: string;
  readonly data?: string;
}

function message({ id = '00112233-4455-6677-8899-aabbccddeeff', type, contentType, data = '{}' }: Parts) {
  const proposed = new BatchAppendReq.ProposedMessage().setId(new UUID().setString(id)).setData(Buffer.from(data));
  if (type !== undefined) proposed.getMetadataMap().set('type', type);
  if (contentType !== undefined) proposed.getMetadataMap().set('content-type', contentType);
  return fieldsOf(proposed);
}

const json = { type: 'a.b.v1', contentType: 'application/json' };

describe('what a client proposes', () => {
  it('is taken with its content type', () => {
    const proposal = new Proposal(1_000);
    expect(proposal.add(message(json))).toBeUndefined();
    expect(proposal.add(message({ ...json, contentType: 'text/plain' }))).toBeUndefined();
    expect(proposal.events.map((event) => event.json)).toEqual([true, false]);
    expect(proposal.events[0]?.id.toString('hex')).toBe('00112233445566778899aabbccddeeff');
  });

  it.each([
    ['no type', { contentType: 'application/json' }, 'missing-metadata'],
    ['no content type', { type: 'a' }, 'missing-metadata'],
    ['an empty type', { ...json, type: '' }, 'invalid'],
    ['an id that is none', { ...json, id: 'nonsense' }, 'invalid'],
    ['the nil id', { ...json, id: '00000000-0000-0000-0000-000000000000' }, 'invalid'],
    ['too much in it, whatever else is wrong', { ...json, id: 'nonsense', data: 'x'.repeat(100_000) }, 'too-large'],
  ])('is refused with %s', (_, parts, kind) => {
    expect(new Proposal(100_000).add(message(parts))?.kind).toBe(kind);
  });

  it('may have a type of any length, and what is no UTF-8 in it is replaced', () => {
    const proposal = new Proposal(1_000_000);
    for (const type of ['x'.repeat(60_000), 'a\ud800'])
      expect(proposal.add(message({ ...json, type }))).toBeUndefined();
    expect(proposal.events.map(({ type }) => type.slice(0, 2))).toEqual(['xx', 'a\ufffd']);
  });

  it('is measured over the whole append: payload, metadata and twice each type', () => {
    const proposal = new Proposal(2 * (10 + 2 * 6));
    const ten = message({ ...json, data: '0123456789' });
    expect([proposal.add(ten), proposal.add(ten)]).toEqual([undefined, undefined]);
    expect(proposal.add(message({ ...json, data: '' }))).toEqual({ kind: 'too-large' });
  });
});

describe('names and numbers from the wire', () => {
  it('takes a stream name in any script and of any length, but none that is empty', () => {
    expect(streamNameOf(Buffer.from('поток-日本'))).toBe('поток-日本');
    expect(streamNameOf(Buffer.from('x'.repeat(60_000)))).toHaveLength(60_000);
    expect(streamNameOf(Buffer.from([0xff, 0x41, 0xfe]))).toBe('\ufffdA\ufffd');
    const refused = [undefined, Buffer.alloc(0), Buffer.from('$$')];
    expect(refused.map(streamNameOf)).toEqual(refused.map(() => undefined));
  });

  it('clamps what lies beyond every log', () => {
    expect(['0', '42', '18446744073709551615'].map(clampU64)).toEqual([0, 42, Number.MAX_SAFE_INTEGER]);
  });

  it('escapes in trailers what ASCII cannot say', () => {
    const error = streamDeleted('ключ/a b\n');
    expect(error.metadata.getMap()['stream-name']).toBe('%D0%BA%D0%BB%D1%8E%D1%87/a b%0A');
    expect(error.details).toMatch(/^[ -~]*$/);
  });
});
