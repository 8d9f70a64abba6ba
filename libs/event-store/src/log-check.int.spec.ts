import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterInfo, EndPoint, MemberInfo } from '@eventstore/db-client/generated/gossip_pb';
import { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import { describeWhere } from '../../../test/support/describe-where';
import { startEmbeddedEventStore, temporaryDirectory } from '../../../test/support/embedded-eventstore';
import { parsedConnection, withLogin } from './connection';
import { EventStoreDb } from './eventstoredb';
import { checkLog, LogUnusable } from './log-check';
import { nameLog, nameOf } from './log-name';

/** One node of a server, as far as the check asks it: answers by HTTP/2, or says of each call how it ends. */
interface Node {
  readonly version?: string;
  readonly states?: readonly string[];
  /** gRPC status and words of the read of `$all`. */
  readonly reading?: readonly [status: number, words: string];
}

const folder = mkdtempSync(join(tmpdir(), 'cairn-log-check-'));
const ending: (() => void)[] = [];
const file = (name: string): string => join(folder, name);

const framed = (message: Uint8Array): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
};

function gossip(states: readonly string[]): Uint8Array {
  const info = new ClusterInfo();
  for (const state of states) {
    const member = new MemberInfo().setIsAlive(state !== 'lost');
    const known = MemberInfo.VNodeState as unknown as Readonly<Record<string, MemberInfo.VNodeState>>;
    member.setState(known[state] ?? MemberInfo.VNodeState.UNKNOWN);
    info.addMembers(member.setHttpEndPoint(new EndPoint().setAddress('127.0.0.1').setPort(1)));
  }
  return info.serializeBinary();
}

async function fake(
  { version = '24.10.4', states = ['LEADER'], reading = [0, ''] }: Node,
  tls = false,
): Promise<number> {
  const server = tls
    ? http2.createSecureServer({ key: readFileSync(file('key')), cert: readFileSync(file('cert')) })
    : http2.createServer();
  server.on('session', (session) =>
    ending.push(() => {
      session.destroy();
    }),
  );
  server.on('stream', (stream, { ':path': path = '' }) => {
    const isRead = path.endsWith('/Read') && path.includes('streams');
    const message = path.includes('Features')
      ? new SupportedMethods().setEventStoreServerVersion(version).serializeBinary()
      : gossip(states);
    const [status, words] = isRead ? reading : [0, ''];
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => {
      stream.sendTrailers({ 'grpc-status': String(status), 'grpc-message': encodeURIComponent(words) });
    });
    stream.end(isRead ? undefined : framed(message));
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  ending.push(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const refusal = async (url: string): Promise<string> => {
  const refused: unknown = await checkLog(parsedConnection(url)).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(LogUnusable);
  return (refused as LogUnusable).message;
};

beforeAll(() => {
  const made = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', file('key'), '-out', file('cert')];
  const who = ['-subj', '/CN=store', '-addext', 'subjectAltName=IP:127.0.0.1'];
  for (const name of ['other', '']) {
    const out = made.map((each) => (each.startsWith(folder) && name !== '' ? `${each}.${name}` : each));
    execFileSync('openssl', ['req', '-x509', ...out, ...who], { stdio: 'ignore' });
  }
});
afterEach(() => {
  for (const end of ending.splice(0)) end();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the check of a log before it is used', () => {
  it('passes with a node of a supported release that has a leader, also where other nodes are gone', async () => {
    const port = await fake({ states: ['FOLLOWER', 'LEADER', 'lost'] });
    expect(await checkLog(parsedConnection(`esdb://127.0.0.1:${String(port)}?tls=false`))).toBe('24.10.4');
  });

  it.each(['22.10.5', '21.2.0', '26.0.0', 'unknown'])(
    'names the supported releases to EventStoreDB %s',
    async (version) => {
      const port = await fake({ version });
      expect(await refusal(`esdb://127.0.0.1:${String(port)}?tls=false`)).toMatch(
        /releases from 23\.10 to 25 are supported$/,
      );
    },
  );

  it.each(['23.10.0', '24.10.4', '25.1.2'])('takes %s', async (version) => {
    const port = await fake({ version });
    await expect(checkLog(parsedConnection(`esdb://127.0.0.1:${String(port)}?tls=false`))).resolves.toBe(version);
  });

  it('says that a cluster has no leader, and how many of its nodes are there', async () => {
    const port = await fake({ states: ['FOLLOWER', 'lost', 'lost'] });
    const said = await refusal(`esdb://127.0.0.1:${String(port)}?tls=false`);
    expect(said).toMatch(/^the cluster has no leader \(1 of 3 nodes .*\): start the others/);
  });

  it.each([
    [[7, 'Access Denied'], '', /asks for a user: set CAIRN_EVENTSTORE_USER/],
    [[7, 'Access Denied'], 'me:s3cret@', /^the user me may not read the whole log: .*\$all$/],
    [[16, 'Unauthenticated'], 'me:s3cret@', /does not let the user me in: name or password is wrong$/],
    [[14, 'Server Is Not Ready'], '', /is not ready: wait until it has started$/],
  ] as const)('tells %j from the others', async (reading, login, words) => {
    const port = await fake({ reading }, true);
    const said = await refusal(`esdb://${login}127.0.0.1:${String(port)}?tls=true&tlsCAFile=${file('cert')}`);
    expect(said).toMatch(words);
    expect(said).not.toMatch(/s3cret|\n/);
  });

  it('says on which side TLS is missing, and which authority does not fit', async () => {
    const [plain, secure] = [String(await fake({})), String(await fake({}, true))];
    const node = (port: string): string => `esdb://127.0.0.1:${port}`;
    expect(await refusal(`${node(plain)}?tls=true`)).toMatch(/speaks no TLS: set tls=false/);
    expect(await refusal(`${node(secure)}?tls=false`)).toMatch(/does not answer without TLS: set tls=true/);
    expect(await refusal(`${node(secure)}?tls=true`)).toMatch(/not signed by .*no tlsCAFile is set/);
    expect(await refusal(`${node(secure)}?tlsCAFile=${file('cert.other')}`)).toMatch(/not signed by .*cert\.other/);
    expect(await refusal(`esdb://localhost:${secure}?tlsCAFile=${file('cert')}`)).toMatch(/for another name/);
  });

  it('says that nothing answers, also of a node that is silent', async () => {
    const silent = net.createServer((socket) => ending.push(() => socket.destroy()));
    silent.listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    ending.push(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    expect(await refusal(`esdb://127.0.0.1:${String(port)}?tls=false`)).toMatch(/gave no answer within 5 s$/);
    expect(await refusal('esdb://127.0.0.1:1?tls=false')).toMatch(/^nothing answers at 127/);
    expect(await refusal('esdb://nowhere.invalid?tls=false')).toMatch(/nobody knows that name/);
  });
});

describe('the name of a log', () => {
  it('is given once, whatever others do at the same time, and is its history where the server does not say', async () => {
    const directory = await temporaryDirectory();
    const server = await startEmbeddedEventStore({ directory: directory.path });
    const store = EventStoreDb.connect(server.url);
    expect(await checkLog(parsedConnection(server.url))).toMatch(/^24\.10/);
    expect(await nameOf(store)).toBeUndefined();
    const names = await Promise.all([nameLog(store), nameLog(store)]);
    expect(new Set(names).size).toBe(1);
    expect(await nameOf(store)).toBe(names[0]);
    await store.close();
    await server.stop();
    await directory.remove();
  });
});

const REAL = process.env['CAIRN_TEST_EVENTSTORE'];

describeWhere(REAL === undefined ? 'CAIRN_TEST_EVENTSTORE names no EventStoreDB' : null, 'a real EventStoreDB', () => {
  const url = REAL ?? '';

  it('can be used, is named, and is one history', async () => {
    expect(await checkLog(parsedConnection(url))).toMatch(/^2[345]\./);
    const store = EventStoreDb.connect(url);
    const name = (await nameOf(store)) ?? (await nameLog(store));
    expect(await store.history()).toMatch(new RegExp(`^${name}/\\d+-\\d+$`));
    await store.close();
  });

  it('refuses a wrong password, where it has users', async () => {
    const connection = parsedConnection(url);
    if (connection.tls === false) return;
    const wrong = withLogin(connection, { user: 'admin', password: 'wrong', caFile: null });
    await expect(checkLog(wrong)).rejects.toThrow(/name or password is wrong/);
  });
});
