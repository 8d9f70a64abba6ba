import { constants, privateDecrypt } from 'node:crypto';
import { streamRef } from '@cairn/domain';
import { GuestPasswords } from '../../../../application/server/guest-password';
import { ServerWrites } from '../../../../application/server/server-writes';
import { generateKey } from '../keypairs/generate-key';
import { ComputeCloud, HOST_ID, type Reply } from '../testing/compute-cloud';

const WITH_AGENT = '70a599e0-31e7-49b7-b260-868f441e8601';
const OF_WINDOWS = '70a599e0-31e7-49b7-b260-868f441e8602';
const SECRET = 'correct horse 42';

describe('changing the password of a guest', () => {
  let cloud: ComputeCloud;
  let demo: string;

  beforeAll(async () => {
    cloud = await ComputeCloud.start();
    demo = cloud.tenant();
    const agent = { hw_qemu_guest_agent: 'yes' };
    await cloud.addImage(WITH_AGENT, { visibility: 'public', properties: agent });
    await cloud.addImage(OF_WINDOWS, { visibility: 'public', properties: { ...agent, os_type: 'windows' } });
    await cloud.caughtUp();
  });
  afterAll(() => cloud.close());

  const launched = (imageRef: string, given: object = {}): Promise<string> =>
    cloud.active(demo, { imageRef, ...given });
  const change = (id: string, body: unknown = { adminPass: SECRET }): Promise<Reply> =>
    cloud.ask(demo, 'POST', `/servers/${id}/action`, { changePassword: body });

  /** The host's part of it: it fetches the password, and sets it or fails. */
  async function hostSets(id: string, failure?: { code: string; message: string }): Promise<string | null> {
    const { operation, generation } = await cloud.operating(id);
    expect(operation?.name).toBe('changePassword');
    await cloud.caughtUp();
    expect((await cloud.ask(demo, 'GET', `/servers/${id}`)).body).toMatchObject({
      server: { status: 'PASSWORD', 'OS-EXT-STS:task_state': 'updating_password' },
    });
    const passwords = cloud.app.get(GuestPasswords, { strict: false });
    const fetched = await passwords.wanted(HOST_ID, id, generation);
    expect(await passwords.wanted(HOST_ID, id, generation + 1)).toBeNull();
    expect(await passwords.wanted('b1a9b1a9-0000-5000-8000-000000000002', id, generation)).toBeNull();
    await (failure === undefined ? cloud.finishOperation(id, 'running') : cloud.failOperation(id, failure));
    expect(await passwords.wanted(HOST_ID, id, generation)).toBeNull();
    return fetched;
  }

  it('is answered when it is done; only the host is told the password, and only then', async () => {
    const key = await generateKey();
    await cloud.ask(demo, 'POST', '/os-keypairs', { keypair: { name: 'mine', public_key: key.publicKey } });
    const id = await launched(WITH_AGENT, { key_name: 'mine' });
    const settled = jest.spyOn(cloud.app.get(ServerWrites, { strict: false }), 'settled');
    const [reply, fetched] = await Promise.all([change(id), hostSets(id)]);
    expect([reply.status, reply.text, fetched]).toEqual([202, '', SECRET]);
    const end = await cloud.memory.store.last(`instance-${id}`);
    expect(settled.mock.lastCall).toEqual([[[id, { position: end?.position }]]]);
    expect((await cloud.ask(demo, 'GET', `/servers/${id}`)).body).toMatchObject({ server: { status: 'ACTIVE' } });
    const actions = (await cloud.ask(demo, 'GET', `/servers/${id}/os-instance-actions`)).body;
    expect(actions).toMatchObject({ instanceActions: [{ action: 'changePassword' }, { action: 'create' }] });
    const shown = (await cloud.ask(demo, 'GET', `/servers/${id}/os-server-password`)).body as { password: string };
    const padded = { key: key.privateKey, padding: constants.RSA_PKCS1_PADDING };
    expect(privateDecrypt(padded, Buffer.from(shown.password, 'base64')).toString()).toBe(SECRET);
    const log: string[] = [];
    for await (const { data, metadata } of cloud.memory.store.read(`instance-${id}`))
      log.push(JSON.stringify([data, metadata]));
    expect(log.join('\n')).toContain('"adminPass":{"keyId":"project/');
    expect(log.join('\n')).not.toContain(SECRET);
    expect(log.join('\n')).not.toContain(Buffer.from(SECRET).toString('base64'));
  });

  it('is of the administrator that the image names', async () => {
    const id = await launched(OF_WINDOWS);
    const [reply] = await Promise.all([change(id), hostSets(id)]);
    expect(reply.status).toBe(202);
    const asked: unknown[] = [];
    for await (const { type, data } of cloud.memory.store.read(`instance-${id}`))
      if (type === 'instance.password-change-requested.v1') asked.push(data['user']);
    expect(asked).toEqual(['Administrator']);
  });

  it.each([
    ['guest.silent', 501, /^Unable to set password on instance$/],
    ['guest.refused', 409, /^Failed to set admin password on [0-9a-f-]{36} because error setting admin password$/],
  ])('fails in nova’s words when its host reports %s', async (code, status, message) => {
    const id = await launched(WITH_AGENT);
    const [reply] = await Promise.all([change(id), hostSets(id, { code, message: 'no' })]);
    expect(reply.status).toBe(status);
    const { [status === 501 ? 'notImplemented' : 'conflictingRequest']: fault } = reply.body as Record<
      string,
      { message: string }
    >;
    expect(fault?.message).toMatch(message);
    expect((await cloud.ask(demo, 'GET', `/servers/${id}`)).body).toMatchObject({ server: { status: 'ACTIVE' } });
  });

  it('is refused where there is no agent, where the guest does not run, and for what is no password', async () => {
    const without = await cloud.active(demo);
    const none = await change(without);
    expect([none.status, none.body]).toEqual([
      409,
      { conflictingRequest: { code: 409, message: 'QEMU guest agent is not enabled' } },
    ]);
    const id = await launched(WITH_AGENT);
    for (const body of [{}, { adminPass: 5 }, { adminPass: 'a', user: 'root' }, null, 'x'])
      expect((await change(id, body)).status).toBe(400);
    await cloud.ask(demo, 'POST', `/servers/${id}/action`, { 'os-stop': null });
    await cloud.finishOperation(id, 'stopped');
    const stopped = await change(id);
    expect([stopped.status, stopped.text]).toEqual([
      409,
      expect.stringContaining(`Cannot 'changePassword' instance ${id} while it is in vm_state stopped`),
    ]);
  });
});

describe('an image of a guest that must be quiesced', () => {
  let cloud: ComputeCloud;
  beforeAll(async () => {
    cloud = await ComputeCloud.start();
  });
  afterAll(() => cloud.close());

  it.each([
    [{ os_require_quiesce: 'yes' }, 409, undefined],
    [{ os_require_quiesce: 'yes', hw_qemu_guest_agent: 'yes' }, 202, 'require'],
    [{ os_require_quiesce: 'no', hw_qemu_guest_agent: 'yes' }, 202, 'try'],
    [{}, 202, undefined],
  ])('with the properties %j: %i', async (properties, status, quiesce) => {
    const demo = cloud.tenant();
    const imageRef = WITH_AGENT.replace('8601', `861${demo.slice(1)}`);
    await cloud.addImage(imageRef, { visibility: 'public', properties });
    await cloud.caughtUp();
    const id = await cloud.active(demo, { imageRef });
    const reply = await cloud.ask(demo, 'POST', `/servers/${id}/action`, { createImage: { name: 'i' } });
    expect(reply.status).toBe(status);
    if (status === 409) expect(reply.text).toContain('QEMU guest agent is not enabled');
    const { operation } = await cloud.core.executor.latest(streamRef('instance', id));
    expect((operation?.input as { quiesce?: string } | undefined)?.quiesce).toBe(quiesce);
  });
});
