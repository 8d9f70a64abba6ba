import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { status } from '@grpc/grpc-js';
import { ADMIN_PASSWORD, SecureStore } from '../testing/secure-store';

/** More than a client may send before the server reads. */
const BEYOND_THE_WINDOW = 300_000;
/** More than any message may have. */
const TOO_LARGE = 17_000_000;
/** What Node.js lets its client keep of what is not sent yet, in MB. */
const CLIENT_MEMORY = 1_000;

/** One message of gRPC with so many bytes, which mean nothing. */
function message(bytes: number): Buffer {
  const frame = Buffer.alloc(5 + bytes, 'x');
  frame[0] = 0;
  frame.writeUInt32BE(bytes, 1);
  return frame;
}

/** Official clients that are told of a call's end while they write its body may hang: seen with .NET's, over TLS. */
describe('a call that is refused before its body is in, over TLS', () => {
  let store: SecureStore;
  let session: ClientHttp2Session;

  beforeAll(async () => {
    store = await SecureStore.start();
    session = connect(store.url.replace(/^esdb:/, 'https:'), {
      ca: readFileSync(store.caFile),
      maxSessionMemory: CLIENT_MEMORY,
    });
  });
  afterAll(async () => {
    session.close();
    await store.stop();
  });

  function append(password: string): ClientHttp2Stream {
    return session.request({
      ':method': 'POST',
      ':path': '/event_store.client.streams.Streams/Append',
      'content-type': 'application/grpc',
      te: 'trailers',
      authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`,
    });
  }

  /** The status in the headers of an answer that is nothing but headers, and whether the body was sent by then. */
  function refusal(call: ClientHttp2Stream): Promise<{ readonly code: number; readonly isSent: boolean }> {
    return new Promise((resolve, reject) => {
      call.once('error', reject).once('response', (headers, flags) => {
        const isSent = call.state.localClose === 1;
        expect(flags & constants.NGHTTP2_FLAG_END_STREAM).not.toBe(0);
        call.resume();
        resolve({ code: Number(headers['grpc-status']), isSent });
      });
    });
  }

  it.each([
    ['a login that is wrong', 'wrong', 4, BEYOND_THE_WINDOW, status.UNAUTHENTICATED],
    ['a login that is wrong, with a body that no append may have', 'wrong', 1, TOO_LARGE, status.UNAUTHENTICATED],
    ['a message that is too large', ADMIN_PASSWORD, 1, TOO_LARGE, status.RESOURCE_EXHAUSTED],
  ])('is answered behind the body: %s', async (_, password, count, bytes, code) => {
    const calls = Array.from({ length: count }, () => append(password));
    const refusals = calls.map((call) => refusal(call.end(message(bytes))));
    expect(await Promise.all(refusals)).toEqual(calls.map(() => ({ code, isSent: true })));
  });

  it('is answered when its client has stopped sending, and let go', async () => {
    const call = append('wrong');
    call.write(message(BEYOND_THE_WINDOW));
    expect(await refusal(call)).toEqual({ code: status.UNAUTHENTICATED, isSent: false });
    if (!call.closed) await once(call, 'close');
    expect(call.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
  });
});
