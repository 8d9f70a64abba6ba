import http from 'node:http';

import { HOST_HEADER, NETWORK_HEADER, type NetworkSpec } from '@cairn/host-protocol';

import { freePort } from '../testing/free-port';
import { ControllerHttp } from '../http/controller-http';
import { silentLog } from '../ports/log.port';
import { systemClock } from '../system-clock';
import { eventually } from '../testing/eventually';
import { bodyOf, listen, type TestServer } from '../testing/http-server';
import { networkOf } from '../testing/specs';

import { MetadataProxy } from './metadata-proxy';

const HOST = '40570000-0000-4000-8000-000000000001';

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A request as a guest makes it: the path goes out as it is. */
function ask(
  address: string,
  port: number,
  { method = 'GET', path = '/', headers = {}, body = '' }: Partial<http.RequestOptions> & { body?: string } = {},
): Promise<{ readonly status: number | undefined; readonly headers: http.IncomingHttpHeaders; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: address, port, method, path, headers, agent: false }, (answer) => {
      bodyOf(answer).then((text) => {
        resolve({ status: answer.statusCode, headers: answer.headers, body: text });
      }, reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

describe('MetadataProxy', () => {
  let port: number;
  let controller: TestServer;
  let asked: Asked[];
  let answer: (response: http.ServerResponse) => void;
  let networks: NetworkSpec[];
  let proxy: MetadataProxy;
  // Each network's "gateway" is an address of its own on loopback.
  const one = networkOf(1, { gateway: '127.0.0.11' });
  const two = networkOf(2, { gateway: '127.0.0.12' });

  beforeEach(async () => {
    port = await freePort();
    asked = [];
    networks = [one];
    answer = (response) => response.end('ok');
    controller = await listen((request, response) => {
      void bodyOf(request).then((body) => {
        asked.push({ method: request.method, url: request.url, headers: request.headers, body });
        answer(response);
      });
    });
    proxy = new MetadataProxy({
      network: { networks: () => Promise.resolve(networks) },
      controller: new ControllerHttp({ url: controller.url, hostId: HOST, token: 't0ken', idleMs: 300 }),
      clock: systemClock,
      log: silentLog,
      port,
    });
    await proxy.reconcile();
  });
  afterEach(async () => {
    await proxy.close();
    await controller.close();
  });

  it('says which network and which address a guest’s request came from, under the host’s credential', async () => {
    answer = (response) =>
      response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': 'x' }).end('{"a":1}');
    const { status, headers, body } = await ask('127.0.0.11', port, {
      path: '/openstack/latest/meta_data.json?x=1',
      headers: {
        'x-forwarded-for': '10.9.9.9',
        [NETWORK_HEADER]: 'forged',
        [HOST_HEADER]: 'forged',
        authorization: 'x',
      },
    });
    expect([status, headers['content-type'], body]).toEqual([200, 'application/json', '{"a":1}']);
    expect(headers['set-cookie']).toBeUndefined();
    expect(asked).toMatchObject([
      {
        method: 'GET',
        url: '/v1/metadata/openstack/latest/meta_data.json?x=1',
        headers: {
          authorization: 'Bearer t0ken',
          [HOST_HEADER]: HOST,
          [NETWORK_HEADER]: one.networkId,
          'x-forwarded-for': '127.0.0.1',
        },
      },
    ]);
  });

  it('forwards what a guest posts, up to a small size', async () => {
    await ask('127.0.0.11', port, { method: 'POST', path: '/openstack/latest/password', body: 'c2VhbGVk' });
    expect(asked[0]).toMatchObject({ method: 'POST', body: 'c2VhbGVk' });
    const large = await ask('127.0.0.11', port, { method: 'POST', body: 'x'.repeat(20_000) }).catch(() => ({
      status: 413,
    }));
    expect(large.status).toBe(413);
    expect(asked).toHaveLength(1);
  });

  it('passes on what the controller refuses', async () => {
    answer = (response) => response.writeHead(404).end('no such path');
    expect(await ask('127.0.0.11', port)).toMatchObject({ status: 404, body: 'no such path' });
  });

  it('keeps guests inside the metadata tree, and to its methods', async () => {
    expect((await ask('127.0.0.11', port, { path: '/../images/1a4e' })).status).toBe(400);
    expect((await ask('127.0.0.11', port, { method: 'DELETE' })).status).toBe(405);
    expect(asked).toEqual([]);
  });

  it('answers 503 while the controller is away or stands still', async () => {
    answer = () => undefined;
    expect((await ask('127.0.0.11', port)).status).toBe(503);
    await controller.close();
    expect((await ask('127.0.0.11', port)).status).toBe(503);
  });

  it('listens where networks are, and stops where they are gone', async () => {
    await expect(ask('127.0.0.12', port)).rejects.toThrow(/ECONNREFUSED/);
    networks = [two];
    await proxy.reconcile();
    await ask('127.0.0.12', port);
    expect(asked[0]?.headers[NETWORK_HEADER]).toBe(two.networkId);
    await expect(ask('127.0.0.11', port)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('tries again where it could not listen yet', async () => {
    const squatter = await listen((_request, response) => response.end('squatter'), port, '127.0.0.12');
    networks = [one, two];
    await proxy.reconcile();
    await squatter.close();
    await eventually('the proxy listens', async () => {
      const { body } = await ask('127.0.0.12', port);
      return body === 'ok' ? true : undefined;
    });
  });

  it('survives many reconciliations at the same time', async () => {
    networks = [one, two];
    await Promise.all([proxy.reconcile(), proxy.reconcile(), proxy.reconcile()]);
    expect((await ask('127.0.0.12', port)).status).toBe(200);
  });
});
