import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

import { describeWhere } from '../../../../../../test/support/describe-where';
import { openBlobs } from '../../../blobs';
import { openApplication } from '../../../application/application';
import { freePort } from '../../../testing/free-port';
import { bootstrap } from '../../../bootstrap/bootstrap';
import { parseConfig } from '../../../config';
import { Passwords } from '../../../passwords/passwords';
import { systemRandom } from '../../../random';
import { type MemoryCore, memoryCore } from '../../../testing/memory-core';
import type { Core } from '../../../application/core';
import { type RunningService, startHttpService } from '../../http';
import { identityService } from '../identity';
import { imageService } from './image.service';
import { StockClient, stockClientVersion } from './testing/stock-client';

/** The client takes seconds for each command, on a busy machine many. */
const MINUTES = 5 * 60_000;
const MAX_BYTES = 8 * 1024 * 1024;
const PASSWORDS = { admin: 'admin-secret', demo: 'demo-secret' } as const;

/** Identity and image services on loopback, over a log in memory. */
interface Cloud {
  readonly memory: MemoryCore;
  readonly services: readonly RunningService[];
  readonly identityUrl: string;
  readonly imageUrl: string;
}

async function startCloud(): Promise<Cloud> {
  const memory = await memoryCore({ passwords: new Passwords(systemRandom) });
  for (const [user, password] of Object.entries(PASSWORDS))
    await writeFile(join(memory.folder, `${user}.password`), password);
  const ports = { identity: await freePort(), image: await freePort(), compute: await freePort() };
  const config = parseConfig({ stateDir: memory.folder, imageMaxBytes: MAX_BYTES, ports });
  const core: Core = { ...memory.core, config, blobs: await openBlobs(config) };
  await bootstrap(core);
  const application = await openApplication(core);
  const services = [
    await startHttpService(application, identityService(config)),
    await startHttpService(application, imageService(config)),
  ];
  const [identity, image] = services as [RunningService, RunningService];
  return { memory, services, identityUrl: `${identity.url}/v3`, imageUrl: image.url };
}

async function tokenOf(cloud: Cloud, name: keyof typeof PASSWORDS): Promise<string> {
  const domain = { name: 'Default' };
  const user = { name, password: PASSWORDS[name], domain };
  const auth = { identity: { methods: ['password'], password: { user } }, scope: { project: { name, domain } } };
  const answer = await fetch(`${cloud.identityUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth }),
  });
  expect(answer.status).toBe(201);
  return answer.headers.get('x-subject-token') ?? '';
}

describe('the image service on a port', () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startCloud();
  });
  afterAll(async () => {
    await Promise.all(cloud.services.map((service) => service.close()));
    await cloud.memory.close();
  });
  const uploading = (): Promise<string[]> => readdir(join(cloud.memory.folder, 'blobs', 'uploading'));

  describe('over its socket', () => {
    let token: string;
    beforeAll(async () => {
      token = await tokenOf(cloud, 'demo');
    });

    const created = async (): Promise<string> => {
      const answer = await fetch(`${cloud.imageUrl}/v2/images`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-auth-token': token },
        body: JSON.stringify({ disk_format: 'raw', container_format: 'bare' }),
      });
      return ((await answer.json()) as { id: string }).id;
    };
    const statusOf = async (id: string): Promise<string> => {
      const answer = await fetch(`${cloud.imageUrl}/v2/images/${id}`, { headers: { 'x-auth-token': token } });
      return ((await answer.json()) as { status: string }).status;
    };
    const upload = async (id: string, bytes: Buffer): Promise<number> => {
      const headers = { 'content-type': 'application/octet-stream', 'x-auth-token': token };
      return (await fetch(`${cloud.imageUrl}/v2/images/${id}/file`, { method: 'PUT', headers, body: bytes })).status;
    };

    it('answers a client that sends too much, instead of cutting it off', async () => {
      const id = await created();
      expect(await upload(id, Buffer.alloc(4 * MAX_BYTES))).toBe(413);
      expect([await statusOf(id), await uploading()]).toEqual(['queued', []]);
      expect(await upload(id, Buffer.alloc(MAX_BYTES))).toBe(204);
      expect(await upload(id, Buffer.alloc(MAX_BYTES))).toBe(409);
    });

    it('ends although an upload stands still', async () => {
      const id = await created();
      const config = parseConfig({ stateDir: cloud.memory.folder, ports: { image: 0 } });
      const service = await startHttpService(
        await openApplication({ ...cloud.memory.core, config }),
        imageService(config),
      );
      const socket = connect(service.port, '127.0.0.1').on('error', () => undefined);
      const ended = new Promise((resolve) => socket.resume().once('close', resolve));
      await new Promise((resolve) => socket.once('connect', resolve));
      const head = [`PUT /v2/images/${id}/file HTTP/1.1`, 'host: x', `x-auth-token: ${token}`, 'content-length: 9'];
      socket.write(`${head.join('\r\n')}\r\ncontent-type: application/octet-stream\r\n\r\nhello`);
      const deadline = Date.now() + 10_000;
      while ((await uploading()).length === 0 && Date.now() < deadline) await new Promise(setImmediate);
      expect(await uploading()).toHaveLength(1);
      await service.close();
      await ended;
      while ((await uploading()).length > 0 && Date.now() < deadline) await new Promise(setImmediate);
      expect([await uploading(), await statusOf(id)]).toEqual([[], 'queued']);
    });

    it.each(['content-length: 1000000', 'transfer-encoding: chunked'])(
      'keeps nothing of an upload whose client goes away (%s)',
      async (framing) => {
        const id = await created();
        const { port } = new URL(cloud.imageUrl);
        const socket = connect(Number(port), '127.0.0.1');
        await new Promise((resolve) => socket.once('connect', resolve));
        const head = [`PUT /v2/images/${id}/file HTTP/1.1`, 'host: x', `x-auth-token: ${token}`, framing];
        const part = framing.startsWith('transfer') ? '5\r\nhello\r\n' : 'hello';
        socket.write(`${head.join('\r\n')}\r\ncontent-type: application/octet-stream\r\n\r\n${part}`);
        const deadline = Date.now() + 10_000;
        while ((await uploading()).length === 0 && Date.now() < deadline) await new Promise(setImmediate);
        expect(await uploading()).toHaveLength(1);
        socket.destroy();
        while ((await uploading()).length > 0 && Date.now() < deadline) await new Promise(setImmediate);
        expect([await uploading(), await statusOf(id)]).toEqual([[], 'queued']);
      },
    );
  });

  const version = stockClientVersion();
  const missing = version === undefined ? 'python3-openstackclient is not installed' : null;
  describeWhere(missing, `to Debian's client (${String(version)})`, () => {
    let demo: StockClient;
    let admin: StockClient;
    let file: string;
    const bytes = randomBytes(3 * 1024 * 1024);

    beforeAll(async () => {
      demo = new StockClient(cloud.identityUrl, 'demo', PASSWORDS.demo, cloud.memory.folder);
      admin = new StockClient(cloud.identityUrl, 'admin', PASSWORDS.admin, cloud.memory.folder);
      file = join(cloud.memory.folder, 'disk.img');
      await writeFile(file, bytes);
    });

    it(
      'creates, shows, lists, saves, changes and deletes an image [guide 25]',
      async () => {
        const formats = ['--disk-format', 'qcow2', '--container-format', 'bare'];
        const created = await demo.json('image', 'create', 'cirros', ...formats, '--file', file, '--property', 'a=b');
        // the client prints what it knew before it sent the data
        expect(created).toMatchObject({ name: 'cirros', disk_format: 'qcow2', visibility: 'shared', status: 'queued' });
        const id = String(created['id']);

        expect(await demo.json('image', 'show', id)).toMatchObject({
          status: 'active',
          size: bytes.byteLength,
          checksum: createHash('md5').update(bytes).digest('hex'),
          properties: expect.objectContaining({
            a: 'b',
            os_hash_algo: 'sha512',
            os_hash_value: createHash('sha512').update(bytes).digest('hex'),
          }) as unknown,
        });

        const listed = await demo.json<object[]>('image', 'list', '--long', '--name', 'cirros');
        expect(listed).toEqual([expect.objectContaining({ ID: id, Name: 'cirros', Status: 'active' })]);

        const saved = join(cloud.memory.folder, 'saved.img');
        await demo.done('image', 'save', '--file', saved, 'cirros');
        expect((await readFile(saved)).equals(bytes)).toBe(true);

        await demo.done(
          ...['image', 'set', 'cirros', '--name', 'renamed', '--min-ram', '64', '--property', 'c=d'],
          ...['--tag', 'blue', '--protected', '--architecture', 'x86_64'],
        );
        const shown = await demo.json('image', 'show', 'renamed');
        expect(shown).toMatchObject({ id, name: 'renamed', min_ram: 64, protected: true, tags: ['blue'] });
        expect(shown['properties']).toMatchObject({ a: 'b', c: 'd', architecture: 'x86_64' });

        const refused = await demo.run('image', 'delete', id);
        expect([refused.status, refused.stderr]).toEqual([
          1,
          expect.stringContaining('is protected and cannot be deleted'),
        ]);
        await demo.done('image', 'unset', '--tag', 'blue', '--property', 'a', id);
        await demo.done('image', 'set', '--unprotected', id);
        expect(await demo.json('image', 'show', id)).toMatchObject({ tags: [], protected: false });
        await demo.done('image', 'delete', id);
        expect(await demo.json<object[]>('image', 'list', '--name', 'renamed')).toEqual([]);
        const gone = await demo.run('image', 'show', id);
        expect([gone.status, gone.stderr]).toEqual([1, expect.stringMatching(/No Image found for/)]);
      },
      MINUTES,
    );

    it(
      'keeps to who may do what',
      async () => {
        const refused = await demo.run('image', 'create', 'mine', '--public', '--file', file);
        expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('publicize_image')]);
        await admin.json('image', 'create', 'base', '--public', '--file', file);
        expect(await demo.json('image', 'show', 'base')).toMatchObject({ visibility: 'public' });
        const deletion = await demo.run('image', 'delete', 'base');
        expect([deletion.status, deletion.stderr]).toEqual([1, expect.stringContaining('delete_image')]);
        const wrong = await demo.run('image', 'create', 'x', '--disk-format', 'floppy');
        expect(wrong.status).not.toBe(0);
        await admin.done('image', 'delete', 'base');
      },
      MINUTES,
    );
  });
});
