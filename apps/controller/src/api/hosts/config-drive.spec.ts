import { decodeDrive, drivePath, HOST_HEADER } from '@cairn/host-protocol';
import { streamRef } from '@cairn/domain';

import { adminPassOf } from '../../application/server/admin-pass';
import { hostToken } from '../../host-token';
import { systemClock } from '../../runtime/system-clock';
import { HOSTS, type HostsCloud, launch, startHostsCloud } from './testing/hosts-cloud';

const [HERE, ELSEWHERE] = HOSTS;
const IMAGE = { imageId: '1a4e0000-0000-4000-8000-00000000d15c', sha256: '0'.repeat(64), sizeBytes: 1, format: 'raw' };

describe('what a host puts on a configuration drive', () => {
  let cloud: HostsCloud;
  let withDrive: string;
  let without: string;

  beforeAll(async () => {
    const clock = { now: () => systemClock.now(), sleep: () => Promise.resolve() };
    cloud = await startHostsCloud({ clock });
    const files = [{ path: '/etc/motd', contents: 'aGVsbG8=' }];
    const asked = { image: IMAGE, hostId: HERE, userData: Buffer.from('#!/bin/sh') };
    withDrive = (await launch(cloud, 1, { ...asked, files, configDrive: true })).id;
    without = (await launch(cloud, 2, asked)).id;
  });
  afterAll(() => cloud.close());

  const ask = (instanceId: string, hostId: string = HERE) =>
    cloud.app.inject({
      method: 'GET',
      url: drivePath(instanceId),
      headers: { authorization: `Bearer ${hostToken(cloud.core.keyring, hostId)}`, [HOST_HEADER]: hostId },
    });
  const metaData = async (): Promise<Record<string, unknown>> => {
    const { statusCode, payload } = await ask(withDrive);
    expect(statusCode).toBe(200);
    const files = decodeDrive(payload);
    return JSON.parse(Buffer.from(files?.get('openstack/latest/meta_data.json') ?? '').toString()) as Record<
      string,
      unknown
    >;
  };

  it('is what its controller tells: metadata, user data, files and, at the launch, the password', async () => {
    const files = decodeDrive((await ask(withDrive)).payload);
    expect(Buffer.from(files?.get('openstack/latest/user_data') ?? '').toString()).toBe('#!/bin/sh');
    expect(Buffer.from(files?.get('openstack/content/0000') ?? '').toString()).toBe('hello');
    expect(await metaData()).toMatchObject({
      uuid: withDrive,
      hostname: expect.stringMatching(/^server-1/) as string,
      files: [{ path: '/etc/motd', content_path: '/content/0000' }],
      admin_pass: adminPassOf(cloud.core.keyring, withDrive),
    });
  });

  it('is told to the host of the server only, and only where there is a drive', async () => {
    expect((await ask(withDrive, ELSEWHERE)).statusCode).toBe(404);
    expect((await ask(without)).statusCode).toBe(404);
    expect((await ask('not-an-id')).statusCode).toBe(404);
    const { statusCode } = await cloud.app.inject({ method: 'GET', url: drivePath(withDrive) });
    expect(statusCode).toBe(401);
  });

  it('holds no password any more once the server runs', async () => {
    const facts = { power: 'running', timings: {} } as const;
    await cloud.execute(streamRef('instance', withDrive), {
      type: 'RecordLaunched',
      data: { generation: 1, facts, restarted: null },
    });
    expect(await metaData()).not.toHaveProperty('admin_pass');
  });
});
