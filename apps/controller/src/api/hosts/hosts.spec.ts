import { HOST_HEADER, imagePath, METADATA_PATH, NETWORK_HEADER, replyPath } from '@cairn/host-protocol';
import { type ImageSpec, streamRef } from '@cairn/domain';
import { Readable } from 'node:stream';

import { hostToken } from '../../host-token';
import { ReplyBroker } from '../../runtime/replies';
import { systemClock } from '../../runtime/system-clock';
import { HOSTS, type HostsCloud, launch, NETWORK, startHostsCloud } from './testing/hosts-cloud';

const [HERE, ELSEWHERE] = HOSTS;
const USER_DATA = Buffer.from([0x23, 0x21, 0x0a, 0x00, 0xff]);
const DISK = '1a4e0000-0000-4000-8000-00000000d15c';
const KERNEL = '1a4e0000-0000-4000-8000-0000000000a1';

describe('the port of hosts and guests', () => {
  let cloud: HostsCloud;
  let server: { readonly id: string; readonly address: string };
  const asked: string[] = [];
  const replies = new ReplyBroker(
    {
      add: (_host, id) => {
        asked.push(id);
        return Promise.resolve();
      },
    },
    systemClock,
  );

  const imageOf = async (imageId: string, bytes: string): Promise<ImageSpec> => {
    const { sha256, sizeBytes } = await cloud.blobs.put(Readable.from([Buffer.from(bytes)]));
    return { imageId, sha256, sizeBytes, format: 'raw' };
  };
  const credential = (hostId: string): Record<string, string> => ({
    authorization: `Bearer ${hostToken(cloud.core.keyring, hostId)}`,
    [HOST_HEADER]: hostId,
  });
  const send = (method: 'GET' | 'PUT' | 'POST' | 'HEAD', url: string, headers: Record<string, string>, payload = '') =>
    cloud.app.inject({ method, url, headers, ...(payload === '' ? {} : { payload }) });
  const guest = (
    path: string,
    headers: Record<string, string> = {},
    method: 'GET' | 'PUT' | 'POST' | 'HEAD' = 'GET',
    payload = '',
  ) =>
    send(
      method,
      `${METADATA_PATH}${path}`,
      {
        ...credential(HERE),
        [NETWORK_HEADER]: NETWORK,
        'x-forwarded-for': server.address,
        ...headers,
      },
      payload,
    );

  beforeAll(async () => {
    // nothing is waited for: what is claimed is claimed before the test asks
    const clock = { now: () => systemClock.now(), sleep: () => Promise.resolve() };
    cloud = await startHostsCloud({ replies, clock });
    const [image, kernel] = [await imageOf(DISK, 'a disk image'), await imageOf(KERNEL, 'a kernel')];
    server = await launch(cloud, 1000, { image, kernel, hostId: HERE, userData: USER_DATA });
  });
  afterAll(() => cloud.close());

  describe('images', () => {
    it("gives a host its servers' images", async () => {
      for (const [imageId, bytes] of [
        [DISK, 'a disk image'],
        [KERNEL, 'a kernel'],
      ] as const) {
        const answer = await send('GET', imagePath(imageId), credential(HERE));
        expect([answer.statusCode, answer.payload]).toEqual([200, bytes]);
        expect(answer.headers).toMatchObject({
          'content-length': String(bytes.length),
          'content-type': 'application/octet-stream',
        });
      }
    });

    it('gives no other host anything of them, and nobody what no server uses', async () => {
      const { sha256 } = await imageOf('unused', 'unused');
      for (const [hostId, imageId] of [
        [ELSEWHERE, DISK],
        [HERE, '1a4e0000-0000-4000-8000-00000000dead'],
        [HERE, sha256],
        [HERE, '..%2f..%2fkeyring'],
      ] as const)
        expect((await send('GET', imagePath(imageId), credential(hostId))).statusCode).toBe(404);
    });

    it('answers 404 when the blob is lost', async () => {
      const lost = {
        imageId: '1a4e0000-0000-4000-8000-0000000010c7',
        sha256: '0'.repeat(64),
        sizeBytes: 1,
        format: 'raw',
      };
      await launch(cloud, 1001, { image: lost, hostId: HERE });
      const answer = await send('GET', imagePath(lost.imageId), credential(HERE));
      expect([answer.statusCode, answer.payload]).toEqual([404, expect.stringContaining('missing from the store')]);
    });
  });

  describe('credentials', () => {
    it('differ from host to host and are as good as nothing without their host', async () => {
      const mine = credential(HERE);
      const broken: Record<string, string>[] = [
        {},
        { ...mine, [HOST_HEADER]: ELSEWHERE },
        { ...mine, [HOST_HEADER]: 'x' },
        { ...mine, authorization: 'Bearer ' },
        { ...mine, authorization: `Basic ${mine['authorization'] ?? ''}` },
        { ...mine, authorization: `${mine['authorization'] ?? ''}00` },
        { authorization: mine['authorization'] ?? '' },
        { 'x-auth-token': mine['authorization'] ?? '', [HOST_HEADER]: HERE },
      ];
      for (const headers of broken) {
        expect((await send('GET', imagePath(DISK), headers)).statusCode).toBe(401);
        expect((await send('GET', `${METADATA_PATH}/latest/user-data`, headers)).statusCode).toBe(401);
        const reply = await send('PUT', replyPath('r'), { ...headers, 'content-type': 'text/plain' }, 'x');
        expect(reply.statusCode).toBe(401);
      }
    });
  });

  describe('replies', () => {
    const text = (hostId: string): Record<string, string> => ({ ...credential(hostId), 'content-type': 'text/plain' });

    it('reach who asked', async () => {
      const query = {
        kind: 'read-console',
        requestId: 'q-1',
        resource: streamRef('instance', server.id),
        payload: { lines: 10 },
      } as const;
      const answer = replies.ask(HERE, query, 10_000);
      const [first, second] = [
        await send('PUT', replyPath('q-1'), text(HERE), 'login: ä'),
        await send('PUT', replyPath('q-1'), text(HERE), 'again'),
      ];
      expect([first.statusCode, second.statusCode, await answer]).toEqual([200, 404, 'login: ä']);
      expect(asked).toContain('q-1');
    });

    it('are taken from the host that was asked only', async () => {
      const query = {
        kind: 'read-console',
        requestId: 'q-3',
        resource: streamRef('instance', server.id),
        payload: { lines: 10 },
      } as const;
      const answer = replies.ask(HERE, query, 10_000);
      expect((await send('PUT', replyPath('q-3'), text(ELSEWHERE), 'forged')).statusCode).toBe(404);
      expect((await send('PUT', replyPath('q-3'), text(HERE), 'login:')).statusCode).toBe(200);
      expect(await answer).toBe('login:');
    });

    it('may be empty', async () => {
      const query = {
        kind: 'read-console',
        requestId: 'q-2',
        resource: streamRef('instance', server.id),
        payload: { lines: null },
      } as const;
      const answer = replies.ask(HERE, query, 10_000);
      expect((await send('PUT', replyPath('q-2'), text(HERE))).statusCode).toBe(200);
      expect(await answer).toBe('');
    });

    it('are refused when nobody waits, too large, or not text', async () => {
      expect((await send('PUT', replyPath('nobody'), text(HERE), 'x')).statusCode).toBe(404);
      expect((await send('PUT', replyPath('q'), text(HERE), 'x'.repeat(1024 * 1024 + 1))).statusCode).toBe(413);
      const json = { ...credential(HERE), 'content-type': 'application/json' };
      expect((await send('PUT', replyPath('q'), json, '{}')).statusCode).toBe(415);
    });
  });

  describe('guests', () => {
    it('learn of themselves what their host asks for them', async () => {
      expect((await guest('/latest/meta-data/instance-id')).payload).toBe('i-000003e8');
      expect((await guest('/2009-04-04/meta-data/local-ipv4')).payload).toBe(server.address);
      expect((await guest('/latest/meta-data/hostname')).payload).toBe('server-1000.novalocal');
      expect((await guest('/latest/meta-data/placement/availability-zone')).payload).toBe('zone-1');
      expect((await guest('/latest/meta-data/public-keys/0/openssh-key/')).payload).toMatch(/tester@laptop$/);
      expect((await guest('/latest/user-data')).rawPayload).toEqual(USER_DATA);
      expect((await guest('/openstack/latest/user_data?x=y')).rawPayload).toEqual(USER_DATA);
      const document = await guest('/openstack/latest/meta_data.json');
      expect(document.headers['content-type']).toBe('application/json');
      expect(document.json()).toMatchObject({ uuid: server.id, project_id: 'p1', meta: { role: 'web' } });
      const again = await guest('/openstack/latest/meta_data.json');
      expect(again.json<{ random_seed: string }>().random_seed).not.toBe(
        document.json<{ random_seed: string }>().random_seed,
      );
      expect((await guest('/openstack/2013-04-04/password')).statusCode).toBe(200);
      expect((await guest('/openstack/2012-08-10/password')).statusCode).toBe(404);
    });

    it('may ask for the head alone', async () => {
      expect((await guest('/latest/meta-data/instance-id', {}, 'HEAD')).statusCode).toBe(200);
      expect((await guest('/latest/meta-data/nothing', {}, 'HEAD')).statusCode).toBe(404);
    });

    it('see a change at once', async () => {
      const metadata = { role: 'db' };
      const instance = streamRef('instance', server.id);
      const { generation } = await cloud.core.executor.state(instance);
      const facts = { power: 'running', timings: {} } as const;
      await cloud.execute(instance, { type: 'RecordLaunched', data: { generation, facts, restarted: null } });
      await cloud.execute(instance, { type: 'ReplaceMetadata', data: { metadata } });
      expect((await guest('/openstack/latest/meta_data.json')).json()).toMatchObject({ meta: metadata });
    });

    it('may be at the root, known or not', async () => {
      for (const path of ['', '/', '//'])
        expect((await guest(path, { 'x-forwarded-for': '10.9.9.9' })).payload).toMatch(/^1\.0\n.*\nlatest$/s);
    });

    it.each([
      ['an address that no server has', { 'x-forwarded-for': '10.0.0.200' }],
      ['the gateway', { 'x-forwarded-for': '10.0.0.1' }],
      ['an unknown network', { [NETWORK_HEADER]: 'ae100000-0000-4000-8000-00000000dead' }],
      ['no network', { [NETWORK_HEADER]: '' }],
      ['no address', { 'x-forwarded-for': '' }],
      ['two addresses', { 'x-forwarded-for': '10.0.0.2, 10.0.0.3' }],
      ['nonsense', { 'x-forwarded-for': '../..', [NETWORK_HEADER]: '../..' }],
    ])('are nobody: %s', async (_what, headers: Record<string, string>) => {
      expect((await guest('/latest/meta-data/instance-id', headers)).statusCode).toBe(404);
    });

    it('are shown to no other host', async () => {
      expect((await guest('/latest/user-data', credential(ELSEWHERE))).statusCode).toBe(404);
    });

    it('post a password, once, and read it; the log holds it sealed', async () => {
      const post = (text: string, path = '/openstack/latest/password'): ReturnType<typeof guest> =>
        guest(path, { 'content-type': 'application/octet-stream' }, 'POST', text);
      expect((await post('x'.repeat(1021))).statusCode).toBe(400);
      expect((await guest('/openstack/latest/password', {}, 'POST')).statusCode).toBe(200);
      expect((await post('b64-of-a-secret')).statusCode).toBe(200);
      expect((await post('another')).statusCode).toBe(409);
      expect((await guest('/openstack/2013-04-04/password')).payload).toBe('b64-of-a-secret');
      expect((await guest('/openstack/latest/password', {}, 'PUT')).statusCode).toBe(400);
      expect((await post('x', '/openstack/2012-08-10/password')).statusCode).toBe(405);
      expect((await post('x', '/latest/meta-data/instance-id')).statusCode).toBe(405);
      const { postedPassword } = await cloud.core.executor.state(streamRef('instance', server.id));
      expect(postedPassword?.keyId).toMatch(/^project\/p1@/);
      expect(JSON.stringify(postedPassword)).not.toContain('b64-of-a-secret');
    });

    it('are told at once what there is not', async () => {
      expect((await guest('/latest/api/token', {}, 'PUT')).statusCode).toBe(405);
      expect((await guest('/latest/nothing')).statusCode).toBe(404);
      expect((await guest('/latest/%ff')).statusCode).toBeLessThan(500);
      expect((await guest(`/${'x'.repeat(4000)}`)).statusCode).toBe(404);
    });

    it('that call directly see the list of versions and nothing else', async () => {
      expect((await send('GET', '/', {})).payload).toMatch(/^1\.0\n.*\nlatest$/s);
      for (const path of ['/latest/meta-data/', '/openstack', '/2009-04-04/user-data'])
        expect((await send('GET', path, { 'x-forwarded-for': server.address })).statusCode).toBe(404);
    });

    it('lose their user data with the key of their project, and nothing else', async () => {
      const other = await launch(cloud, 1002, {
        image: { imageId: DISK, sha256: '0'.repeat(64), sizeBytes: 1, format: 'raw' },
        hostId: HERE,
        userData: USER_DATA,
      });
      await cloud.core.keyring.destroy('project/p1');
      const from = { 'x-forwarded-for': other.address };
      expect((await guest('/latest/user-data', from)).statusCode).toBe(404);
      expect((await guest('/latest', from)).payload).toBe('meta-data/');
      expect((await guest('/latest/meta-data/instance-id', from)).payload).toBe('i-000003ea');
    });

    it('are gone when their server is', async () => {
      const instance = streamRef('instance', server.id);
      await cloud.execute(instance, { type: 'DeleteInstance', data: {} });
      expect((await guest('/latest/meta-data/instance-id')).statusCode).toBe(200);
      const claimId = (await cloud.core.executor.state(instance)).debts.map(({ id }) => id);
      for (const debtId of claimId) await cloud.execute(instance, { type: 'RecordReleased', data: { debtId } });
      expect((await guest('/latest/meta-data/instance-id')).statusCode).toBe(404);
    });
  });
});
