import { deriveId, streamRef } from '@cairn/domain';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';

import { microversion } from '../openstack/compute/testing/microversion';
import { closing, ConsoleCloud, noConsole, Refused, said } from './testing/console-cloud';

const TOKEN_TTL_MS = 600_000;

/** How the console service answers a websocket that it refuses. */
const refusal = async (connecting: Promise<unknown>): Promise<Refused> => {
  const error: unknown = await connecting.catch((why: unknown) => why);
  if (error instanceof Refused) return error;
  throw new Error('it was not refused', { cause: error });
};

describe('consoles', () => {
  let cloud: ConsoleCloud;
  beforeAll(async () => {
    cloud = await ConsoleCloud.start({ publicHost: 'cloud.example.org' });
  });
  afterAll(() => cloud.close());

  const operate = async (id: string, name: string, power: 'stopped' | 'running'): Promise<void> => {
    expect((await cloud.ask('tenant', 'POST', `/servers/${id}/action`, { [name]: null })).status).toBe(202);
    await cloud.compute.finishOperation(id, power);
  };

  describe('have URLs', () => {
    let id: string;
    beforeAll(async () => {
      id = await cloud.server();
    });

    it('by the actions, until 2.5', async () => {
      const ask = (action: string, type: string, headers = {}) =>
        cloud.ask('tenant', 'POST', `/servers/${id}/action`, { [action]: { type } }, headers);
      const vnc = await ask('os-getVNCConsole', 'novnc');
      expect([vnc.status, vnc.body]).toEqual([200, { console: { type: 'novnc', url: expect.any(String) as string } }]);
      const { url } = (vnc.body as { console: { url: string } }).console;
      expect(url).toMatch(/^http:\/\/cloud\.example\.org:6080\/vnc_lite\.html\?path=%3Ftoken%3D[\w-]{64}$/);
      const serial = await ask('os-getSerialConsole', 'serial');
      expect(serial.body).toEqual({
        console: {
          type: 'serial',
          url: expect.stringMatching(/^ws:\/\/cloud\.example\.org:6080\/\?token=[\w-]{64}$/) as string,
        },
      });
      expect((await ask('os-getVNCConsole', 'novnc', microversion(6))).status).toBe(404);
    });

    it.each([
      ['os-getVNCConsole', 'xvpvnc', 400, 'Invalid console type xvpvnc'],
      ['os-getSPICEConsole', 'spice-html5', 400, 'Unavailable console type spice-html5.'],
      ['os-getRDPConsole', 'rdp-html5', 400, 'Unavailable console type rdp-html5.'],
      ['os-getSerialConsole', 'novnc', 400, "'novnc' is not one of"],
    ])('by no other action or type: %s %s', async (action, type, status, words) => {
      const reply = await cloud.ask('tenant', 'POST', `/servers/${id}/action`, { [action]: { type } }, {});
      expect([reply.status, reply.text]).toEqual([status, expect.stringContaining(words)]);
    });

    it.each([
      ['vnc', 'serial', 6, 400, 'Invalid console type serial'],
      ['vnc', 'xvpvnc', 6, 400, 'Invalid console type xvpvnc'],
      ['spice', 'spice-html5', 6, 400, 'Unavailable console type spice-html5.'],
      ['rdp', 'rdp-html5', 93, 400, 'Unavailable console type rdp-html5.'],
      ['mks', 'webmks', 7, 400, "'mks' is not one of"],
      ['mks', 'webmks', 8, 400, 'Unavailable console type webmks.'],
      ['telnet', 'novnc', 93, 400, "'telnet' is not one of"],
    ])('by remote-consoles, and these are refused: %s %s at 2.%s', async (protocol, type, minor, status, words) => {
      const asked = { remote_console: { protocol, type } };
      const reply = await cloud.ask('tenant', 'POST', `/servers/${id}/remote-consoles`, asked, microversion(minor));
      expect([reply.status, reply.text]).toEqual([status, expect.stringContaining(words)]);
    });

    it('in nova’s words, of servers that run, and for callers who may see them', async () => {
      const asked = { remote_console: { protocol: 'vnc', type: 'novnc' } };
      const at = async (who: string, server: string) => {
        const { status, text } = await cloud.ask(who, 'POST', `/servers/${server}/remote-consoles`, asked);
        return [status, text] as const;
      };
      const stopped = await cloud.server();
      await operate(stopped, 'os-stop', 'stopped');
      expect(await at('tenant', stopped)).toEqual([409, expect.stringContaining(`Instance ${stopped} is not ready`)]);
      const unknown = deriveId('no server');
      expect(await at('tenant', unknown)).toEqual([
        404,
        expect.stringContaining(`Instance ${unknown} could not be found`),
      ]);
      expect((await at('other', id))[0]).toBe(404);
      expect((await at('reader', id))[0]).toBe(403);
      expect((await at('admin', id))[0]).toBe(200);
      await cloud.ask('tenant', 'DELETE', `/servers/${id}`);
      expect((await at('tenant', id))[0]).toBe(409);
      expect((await at('tenant', id))[1]).toContain('while it is in task_state deleting');
    });
  });

  it('are told to administrators by their tokens', async () => {
    const id = await cloud.server();
    const token = await cloud.token(id);
    const show = (who: string, shown: string, minor = 31) =>
      cloud.ask(who, 'GET', `/os-console-auth-tokens/${shown}`, undefined, microversion(minor));
    const console = { instance_uuid: id, host: 'node1', port: 6080, internal_access_path: null };
    expect((await show('admin', token)).body).toEqual({ console });
    expect((await show('tenant', token)).status).toBe(403);
    expect([(await show('admin', token, 30)).status, (await show('admin', 'x', 30)).status]).toEqual([401, 404]);
    expect((await show('admin', 'nothing')).text).toContain('Token not found');
  });

  it('carry bytes both ways, and the log has who, when and how, but not the token', async () => {
    const id = await cloud.server();
    const token = await cloud.token(id, 'serial', 'serial');
    const client = await cloud.connect(token);
    expect([client.protocol, await said(client)]).toEqual(['binary', `serial of ${id}\n`]);
    client.send(Buffer.from([0, 255, 10]));
    expect(Buffer.from(await said(client), 'utf8').length).toBeGreaterThan(0);
    client.send('text');
    expect(await said(client)).toBe('text');
    const closed = closing(client);
    cloud.guests.at(-1)?.destroy();
    expect(await closed).toEqual([1000, 'The console has ended.']);
    const events = cloud.events(id);
    while (cloud.events(id).length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(cloud.events(id).map(({ type }) => type)).toEqual([
      'console.authorized.v1',
      'console.opened.v1',
      'console.closed.v1',
    ]);
    expect(events[0]?.metadata).toMatchObject({ api: 'compute' });
    expect(cloud.events(id)[1]?.metadata).toMatchObject({ api: 'console', clientAddress: '127.0.0.1' });
    const all = JSON.stringify(cloud.compute.memory.store.all(), (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(all).not.toContain(token);
  });

  describe('are refused', () => {
    it('without a token, with one that nobody made, and with another server’s', async () => {
      const [id, other] = [await cloud.server(), await cloud.server()];
      const token = await cloud.token(id);
      const swapped = Buffer.concat([
        Buffer.from(other.replaceAll('-', ''), 'hex'),
        Buffer.from(token, 'base64url').subarray(16),
      ]).toString('base64url');
      for (const wrong of ['', 'x', `${token}A`, token.slice(1), swapped, deriveId('a token')])
        expect(await refusal(cloud.connect(wrong))).toMatchObject({ status: 403 });
      expect(await refusal(cloud.connect(token, { path: `/somewhere?token=${token}` }))).toMatchObject({ status: 404 });
      expect(cloud.events(other)).toEqual([]);
      // as pages of noVNC have kept it, and on their default path
      await cloud.connect('', { path: '/websockify', headers: { cookie: `a=b; token=${token}` } });
    });

    it('while the server is stopped, on another host, and when it is deleted', async () => {
      const id = await cloud.server();
      const token = await cloud.token(id);
      const open = await cloud.connect(token);
      const closed = closing(open);
      await operate(id, 'os-stop', 'stopped');
      expect(await closed).toEqual([1008, 'The right to this console has ended.']);
      expect(await refusal(cloud.connect(token))).toMatchObject({ status: 403 });
      await operate(id, 'os-start', 'running');
      await cloud.connect(token);
      await cloud.ask('tenant', 'DELETE', `/servers/${id}`);
      expect(await refusal(cloud.connect(token))).toMatchObject({ status: 403 });
    });

    it('when their time is over, though an open one goes on', async () => {
      const id = await cloud.server();
      const token = await cloud.token(id);
      const client = await cloud.connect(token);
      await said(client);
      cloud.aheadMs += TOKEN_TTL_MS + 1_000;
      expect(await refusal(cloud.connect(token))).toMatchObject({ status: 403 });
      await new Promise((resolve) => setTimeout(resolve, 300)); // two looks
      client.send('still there');
      expect(await said(client)).toBe('still there');
    });

    it('when the host has none', async () => {
      const id = await cloud.server();
      cloud.nextGuest = noConsole('The guest does not run.');
      expect(await refusal(cloud.connect(await cloud.token(id)))).toMatchObject({ status: 409, message: '' });
    });

    it('to more than eight at a time of one server', async () => {
      const id = await cloud.server();
      const token = await cloud.token(id);
      const clients = await Promise.all(Array.from({ length: 8 }, () => cloud.connect(token)));
      expect(await refusal(cloud.connect(token))).toMatchObject({ status: 429 });
      const closed = closing(clients[0] as (typeof clients)[number]);
      clients[0]?.close();
      await closed;
      while ((await cloud.connect(token).catch(() => undefined)) === undefined)
        await new Promise((resolve) => setTimeout(resolve, 10));
    });

    it('to web pages of elsewhere', async () => {
      const id = await cloud.server();
      const token = await cloud.token(id);
      const own = cloud.service.url;
      await cloud.connect(token, { origin: own });
      for (const origin of [
        'http://evil.example',
        'null',
        own.replace('http', 'https'),
        'http://127.0.0.1.evil.example',
      ])
        expect(await refusal(cloud.connect(token, { origin }))).toMatchObject({ status: 403 });
    });
  });

  it('end for a client that does not read, and hold no more than a little for it', async () => {
    const id = await cloud.server();
    const guest = new PassThrough();
    cloud.nextGuest = () => Promise.resolve(guest);
    const client = await cloud.connect(await cloud.token(id));
    client.pause();
    const ended = once(guest, 'close');
    let written = 0;
    while (!guest.destroyed && written < 64 * 1024 * 1024) {
      const chunk = Buffer.alloc(64 * 1024);
      written += chunk.length;
      if (!guest.write(chunk)) await Promise.race([once(guest, 'drain'), ended]).catch(() => undefined);
    }
    await ended;
    expect(written).toBeLessThan(16 * 1024 * 1024);
  }, 20_000);

  it('open although hundreds of clients are idle or send half a request', async () => {
    const id = await cloud.server();
    const { port } = cloud.service;
    const idle: Socket[] = [];
    for (let i = 0; i < 1_000; i += 1) {
      const socket = connect({ port, host: '127.0.0.1' }).on('error', () => undefined);
      idle.push(socket);
      await once(socket, 'connect');
      if (i % 2 === 0) socket.write('GET /?token=x HTTP/1.1\r\nupgrade: websock');
    }
    const client = await cloud.connect(await cloud.token(id));
    expect(await said(client)).toBe(`vnc of ${id}\n`);
    for (const socket of idle) socket.destroy();
  }, 30_000);

  it('have a page for browsers, and nothing else is served', async () => {
    const get = (path: string) => fetch(`${cloud.service.url}${path}`);
    const page = await get('/vnc_lite.html?path=%3Ftoken%3Dx');
    expect(await page.clone().text()).toMatch(/noVNC[^]*<script/);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const path of ['/console.js', '/console.css', '/novnc/core/rfb.js', '/novnc/vendor/pako/lib/zlib/inflate.js'])
      expect((await get(path)).status).toBe(200);
    for (const path of ['/', '/novnc/package.json', '/novnc/core/..%2f..%2fpackage.json', '/..%2f..%2fetc/passwd'])
      expect((await get(path)).status).toBe(404);
  });

  it('are refused, and end, when the right to the server is gone', async () => {
    const id = await cloud.server();
    const token = await cloud.token(id);
    const client = await cloud.connect(token);
    const closed = closing(client);
    const { userId, projectId } = cloud.principals['tenant']?.actor ?? { userId: '', projectId: '' };
    await cloud.compute.execute(streamRef('project', projectId ?? ''), {
      type: 'RevokeRole',
      data: { userId, role: 'member' },
    });
    expect(await closed).toEqual([1008, 'The right to this console has ended.']);
    expect(await refusal(cloud.connect(token))).toMatchObject({ status: 403 });
  });
});

describe('consoles whose time is enforced', () => {
  it('end with it', async () => {
    const cloud = await ConsoleCloud.start({ consoles: { enforceSessionTimeout: true, tokenTtlSeconds: 60 } });
    const client = await cloud.connect(await cloud.token(await cloud.server()));
    const closed = closing(client);
    cloud.aheadMs += 61_000;
    expect(await closed).toEqual([1008, 'The time of this console has run out.']);
    await cloud.close();
  });
});
