import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { makeCertificates, type TestCertificates } from '../../../test/support/certificates';
import { temporaryDirectory } from '../../../test/support/embedded-eventstore';
import { parsedConnection } from './connection';
import { logNodes } from './log-status';

const member = (state: string, port: number, written: number): object => ({
  state,
  isAlive: true,
  esVersion: '24.10.4',
  httpEndPointIp: '127.0.0.1',
  httpEndPointPort: port,
  writerCheckpoint: written,
});

describe('the nodes of a log, for operators', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let files: TestCertificates;
  const servers: Server[] = [];
  const asked: (string | undefined)[] = [];

  beforeAll(async () => {
    directory = await temporaryDirectory();
    files = makeCertificates(directory.path, ['127.0.0.1']);
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
    asked.splice(0);
  });
  afterAll(async () => {
    await directory.remove();
  });

  const answer: http.RequestListener = ({ url, headers }, response) => {
    asked.push(url, headers.authorization);
    response.setHeader('connection', 'close');
    response.end(JSON.stringify({ members: [member('Leader', 1, 500), member('Follower', 2, 420)] }));
  };

  async function listening(server: Server): Promise<string> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  it('are those that one of them names, with the bytes that each has not written yet', async () => {
    const node = await listening(http.createServer(answer));
    expect(await logNodes(parsedConnection(`esdb://127.0.0.1:1,${node}?tls=false`))).toEqual([
      { address: '127.0.0.1:1', state: 'Leader', isAlive: true, version: '24.10.4', behind: 0 },
      { address: '127.0.0.1:2', state: 'Follower', isAlive: true, version: '24.10.4', behind: 80 },
    ]);
    expect(asked).toEqual(['/gossip', undefined]);
  });

  it('are asked for with the certificates and the login of the connection string', async () => {
    const [key, cert, ca] = [files.keyFile, files.certificateFile, files.caFile].map((file) => readFileSync(file));
    const node = await listening(https.createServer({ key, cert, ca, requestCert: true }, answer));
    const secure = `esdb://me:secret@${node}?tlsCAFile=${files.caFile}`;
    const own = `&userCertFile=${files.certificateFile}&userKeyFile=${files.keyFile}`;
    expect(await logNodes(parsedConnection(secure + own))).toHaveLength(2);
    expect(asked).toEqual(['/gossip', `Basic ${Buffer.from('me:secret').toString('base64')}`]);
    await expect(logNodes(parsedConnection(secure))).rejects.toThrow(/^127\.0\.0\.1:\d+: /);
    await expect(logNodes(parsedConnection(`esdb://${node}?tlsCAFile=/nowhere.pem`))).rejects.toThrow(
      /names a file that does not exist: tlsCAFile=\/nowhere\.pem$/,
    );
  });
});
