import { instanceSpec, streamRef } from '@cairn/domain';

import { ComputeCloud, IMAGE_ID } from './testing/compute-cloud';
import { outcome, serverNames, shownServer } from './testing/answers';
import { withCloud } from './testing/with-cloud';
import { microversion } from './testing/microversion';

const FILE = { path: '/etc/motd', contents: 'aGVsbG8=' };
const ROOT = { uuid: IMAGE_ID, source_type: 'image', destination_type: 'local', boot_index: 0 };
const BLANK = { source_type: 'blank', destination_type: 'local', boot_index: -1 };
const MANDATORY = '88888888-8888-4888-8888-888888888888';
const WRONG = '99999999-9999-4999-8999-999999999999';

describe('a server that is created with every field', () => {
  let cloud: ComputeCloud;
  let demo: string;
  withCloud(
    (started, tenant) => {
      [cloud, demo] = [started, tenant];
    },
    async (started) => {
      await started.addImage(MANDATORY, { properties: { img_config_drive: 'mandatory' } });
      await started.addImage(WRONG, { properties: { img_config_drive: 'maybe' } });
      const flavor = {
        id: 'disks',
        name: 'disks',
        vcpus: 1,
        ram: 64,
        disk: 1,
        swap: 512,
        'OS-FLV-EXT-DATA:ephemeral': 4,
      };
      expect((await started.ask('admin', 'POST', '/flavors', { flavor })).status).toBe(200);
    },
  );

  const create = (server: object, minor = 1, who = demo): ReturnType<ComputeCloud['ask']> => {
    const body = { server: { name: 'web', flavorRef: 'disks', imageRef: IMAGE_ID, ...server } };
    return cloud.ask(who, 'POST', '/servers', body, microversion(minor));
  };
  const refusal = async (server: object, minor = 1, who = demo): Promise<string> => {
    const [status, message] = await outcome(create(server, minor, who));
    return `${String(status)} ${String(message)}`;
  };
  const created = async (server: object, minor = 1, who = demo): Promise<Record<string, unknown>> => {
    const { status, body, text } = await create(server, minor, who);
    if (status !== 202) throw new Error(text);
    return (body as { server: Record<string, unknown> }).server;
  };
  const show = (id: unknown, minor = 3): ReturnType<typeof shownServer> =>
    shownServer(cloud, 'admin', String(id), minor);
  const requestOf = async (id: unknown) => (await cloud.core.executor.state(streamRef('instance', String(id)))).request;

  it('shows its configuration drive and its root disk, and is found by them', async () => {
    const plain = await created({ name: 'plain' });
    const server = await created({
      name: 'drive',
      config_drive: true,
      block_device_mapping_v2: [{ ...ROOT, disk_bus: 'scsi' }],
    });
    expect(await show(plain['id'])).toMatchObject({ config_drive: '', 'OS-EXT-SRV-ATTR:root_device_name': '/dev/vda' });
    expect(await show(server['id'])).toMatchObject({
      config_drive: 'True',
      'OS-EXT-SRV-ATTR:root_device_name': '/dev/sda',
    });
    const found = (query: string): Promise<readonly string[]> => serverNames(cloud, demo, query, 83);
    expect(await found('config_drive=True')).toEqual(['drive']);
    expect(await found('sort_key=config_drive&sort_dir=asc')).toEqual(['plain', 'drive']);
  });

  it('gets the disks that its devices ask for, of what its flavor allows', async () => {
    const server = await created({
      block_device_mapping_v2: [
        ROOT,
        { ...BLANK, volume_size: 4, guest_format: 'ext4' },
        { ...BLANK, guest_format: 'swap', volume_size: 256 },
      ],
    });
    expect((await requestOf(server['id']))?.localDisks).toEqual({
      ephemeral: [{ sizeGb: 4, format: 'ext4' }],
      swap: { sizeMb: 256, flavorMb: 512 },
    });
  });

  it.each<[string, object[], string]>([
    [
      'a larger ephemeral disk',
      [{ ...BLANK, volume_size: 5 }],
      '400 Ephemeral disks requested are larger than the instance type allows. If no size is given in one block ' +
        'device mapping, flavor ephemeral size will be used.',
    ],
    [
      'a larger swap',
      [{ ...BLANK, guest_format: 'swap', volume_size: 513 }],
      '400 Swap drive requested is larger than instance type allows.',
    ],
    [
      'more disks than the cloud allows',
      [
        { ...BLANK, volume_size: 1 },
        { ...BLANK, volume_size: 1 },
      ],
      '400 Block Device Mapping is Invalid: You specified more local devices than the limit allows',
    ],
    [
      'a source that is none',
      [{ ...BLANK, source_type: 'tape' }],
      "400 Invalid input for field/attribute source_type. Value: \"tape\". 'tape' is not one of ['volume', 'image', 'snapshot', 'blank']",
    ],
    [
      'a field that nobody knows',
      [{ ...BLANK, colour: 'blue' }],
      "Additional properties are not allowed ('colour' was unexpected)",
    ],
    [
      'a tag, before it was known',
      [{ ...BLANK, tag: 'x' }],
      "Additional properties are not allowed ('tag' was unexpected)",
    ],
  ])('is refused with %s', async (_what, devices, message) => {
    expect(await refusal({ block_device_mapping_v2: [ROOT, ...devices] })).toContain(message);
  });

  it('may have tagged devices in 2.32, and again from 2.42 on', async () => {
    const tagged = { block_device_mapping_v2: [ROOT, { ...BLANK, volume_size: 1, tag: 'log' }] };
    expect((await create(tagged, 32)).status).toBe(202);
    expect(await refusal(tagged, 33)).toMatch(/^400 .*'tag' was unexpected/);
    const server = await created({ ...tagged, networks: 'none' }, 42);
    expect((await requestOf(server['id']))?.localDisks?.ephemeral).toEqual([{ sizeGb: 1, tag: 'log' }]);
  });

  it('may have tagged interfaces in 2.32 to 2.36, and again from 2.42 on', async () => {
    const { body } = await cloud.ask('admin', 'GET', '/os-networks');
    const { networks } = body as { readonly networks: readonly { readonly id: string }[] };
    const uuid = networks[0]?.id ?? '';
    const tagged = { networks: [{ uuid, tag: 'inside' }] };
    expect(await refusal(tagged, 31)).toMatch(/^400 .*'tag' was unexpected/);
    expect(await refusal(tagged, 37)).toMatch(/^400 .*'tag' was unexpected/);
    expect(await refusal({ networks: [{ uuid, tag: 'a,b' }] }, 42)).toMatch(/^400 .*'a,b' does not match/);
    expect((await create(tagged, 36)).status).toBe(202);
    const { id } = await created(tagged, 42);
    await cloud.finishLaunch(String(id));
    const interfaces = await cloud.ask(demo, 'GET', `/servers/${String(id)}/os-interface`, undefined, microversion(70));
    expect(interfaces.body).toMatchObject({ interfaceAttachments: [{ net_id: uuid, tag: 'inside' }] });
    const job = instanceSpec(await cloud.core.executor.state(streamRef('instance', String(id))), 'running');
    expect(job.nics).toMatchObject([{ network: { networkId: uuid }, slot: 8 }]);
    expect(job.nics[0]).not.toHaveProperty('tag');
  });

  it('gets a configuration drive where its image demands one', async () => {
    const server = await created({ imageRef: MANDATORY });
    expect(await show(server['id'])).toMatchObject({ config_drive: 'True' });
    expect(await refusal({ imageRef: WRONG })).toBe("400 Image's config drive option 'maybe' is invalid");
    expect(await refusal({ config_drive: 'perhaps' })).toMatch(/^400 Invalid input for field\/attribute config_drive/);
  });

  it('holds injected files and a given password encrypted, up to 2.56 and within the limits', async () => {
    const server = await created({ personality: [FILE], config_drive: true, adminPass: 'my own' });
    expect(server).toMatchObject({ adminPass: 'my own' });
    const request = await requestOf(server['id']);
    expect(request).toMatchObject({
      files: { keyId: expect.any(String) as string },
      adminPass: { keyId: expect.any(String) as string },
    });
    expect(JSON.stringify(request)).not.toMatch(/my own|aGVsbG8=|motd/);
    const without = await created({ adminPass: 'my own' });
    expect(await requestOf(without['id'])).not.toHaveProperty('adminPass');
    expect(await refusal({ personality: [FILE], networks: 'none' }, 57)).toMatch(/'personality' was unexpected/);
    expect(await refusal({ personality: [{ path: '/a' }] })).toMatch(/'contents' is a required property/);
    expect(await refusal({ personality: [{ path: '/a', contents: '%' }] })).toMatch(/contents\..* is not a 'base64'/);
    expect(await refusal({ personality: Array.from({ length: 6 }, () => FILE) })).toBe(
      '403 Personality file limit exceeded',
    );
    expect(await refusal({ personality: [{ ...FILE, path: 'x'.repeat(256) }] })).toBe(
      '403 Personality file path exceeds maximum 255',
    );
    expect(await refusal({ personality: [{ ...FILE, contents: 'A'.repeat(10_244) }] })).toBe(
      '403 Personality file content exceeds maximum 10240',
    );
  });

  it('tells how many files and how much of them are allowed, up to 2.56', async () => {
    const limits = async (minor: number): Promise<unknown> =>
      ((await cloud.ask(demo, 'GET', '/limits', undefined, microversion(minor))).body as { limits: unknown }).limits;
    expect(await limits(56)).toMatchObject({ absolute: { maxPersonality: 5, maxPersonalitySize: 10_240 } });
    expect(JSON.stringify(await limits(57))).not.toContain('maxPersonality');
  });

  it('is rebuilt with other files, and with a drive once its image demands one', async () => {
    const id = String((await created({ flavorRef: '1' }))['id']);
    await cloud.finishLaunch(id);
    const rebuild = { imageRef: MANDATORY, personality: [FILE], adminPass: 'another' };
    const reply = await cloud.ask(demo, 'POST', `/servers/${id}/action`, { rebuild });
    expect([reply.status, reply.body]).toMatchObject([202, { server: { adminPass: 'another' } }]);
    expect(await requestOf(id)).toMatchObject({ configDrive: 'iso9660', files: {}, adminPass: {} });
    await cloud.finishOperation(id, 'running');
    expect(await show(id)).toMatchObject({ config_drive: 'True' });
    const again = await cloud.ask(demo, 'POST', `/servers/${id}/action`, { rebuild: { imageRef: IMAGE_ID } });
    expect((again.body as { server: { adminPass: string } }).server.adminPass).toMatch(/^\w{12}$/);
    expect(await requestOf(id)).toMatchObject({ configDrive: 'iso9660', files: {} });
    expect(await requestOf(id)).not.toHaveProperty('adminPass');
  });

  it('is found by the reservation that several servers have in common', async () => {
    const { body } = await create({ min_count: 2, max_count: 2, return_reservation_id: true });
    const { reservation_id: reservation } = body as { reservation_id: string };
    expect(body).toEqual({ reservation_id: expect.stringMatching(/^r-[0-9a-z]{8}$/) as string });
    await created({ name: 'other' });
    const found = await cloud.ask(demo, 'GET', `/servers?reservation_id=${reservation}`);
    const { servers } = found.body as { servers: { id: string; name: string }[] };
    expect(servers.map(({ name }) => name).sort()).toEqual(['web-1', 'web-2']);
    expect(await show(servers[0]?.id)).toMatchObject({ 'OS-EXT-SRV-ATTR:reservation_id': reservation });
  });

  it('shows description, tags, host name and access addresses as they were given', async () => {
    const asked = { networks: 'none', description: 'a web server', tags: ['b', 'a'], hostname: 'front' };
    const server = await created({ ...asked, accessIPv4: '192.0.2.1', accessIPv6: '2001:DB8::1' }, 90);
    expect(await show(server['id'], 90)).toMatchObject({
      description: 'a web server',
      tags: ['a', 'b'],
      'OS-EXT-SRV-ATTR:hostname': 'front',
      accessIPv4: '192.0.2.1',
      accessIPv6: '2001:db8::1',
      addresses: {},
    });
  });

  it.each<[number, object, string]>([
    [18, { description: 'd' }, "'description' was unexpected"],
    [51, { tags: ['a'], networks: 'none' }, "'tags' was unexpected"],
    [73, { host: 'node1', networks: 'none' }, "'host' was unexpected"],
    [89, { hostname: 'front', networks: 'none' }, "'hostname' was unexpected"],
    [90, { hostname: '-front', networks: 'none' }, 'hostname'],
    [
      90,
      { hostname: 'front', min_count: 2, networks: 'none' },
      'Unable to allocate a single hostname to multiple instances',
    ],
    [62, { trusted_image_certificates: ['c'], networks: 'none' }, "'trusted_image_certificates' was unexpected"],
    [63, { trusted_image_certificates: ['c'], networks: 'none' }, 'signatures of images are not verified'],
    [37, {}, "'networks' is a required property"],
    [37, { networks: 'some' }, 'networks'],
    [36, { networks: 'auto' }, 'networks'],
    [1, { min_count: 3, max_count: 2 }, 'min_count must be <= max_count'],
  ])('knows its fields by microversion: 2.%i %j', async (minor, server, message) => {
    const answer = await refusal(server, minor);
    expect(answer).toMatch(/^400 /);
    expect(answer).toContain(message);
  });

  it('is put on a named host by administrators only, who may not name it twice', async () => {
    const asked = { networks: 'none', host: 'node1', hypervisor_hostname: 'node1.example.com' };
    expect(await refusal(asked, 74)).toMatch(/^403 .*create:requested_destination/);
    const server = await created(asked, 74, 'admin');
    expect((await requestOf(server['id']))?.requestedHost).toBe('node1');
    expect(await refusal({ ...asked, host: 'node9' }, 74, 'admin')).toMatch(
      /^400 Compute host node9 could not be found/,
    );
    expect(await refusal({ ...asked, availability_zone: 'nova:node1' }, 74, 'admin')).toMatch(/^400 /);
  });
});

describe('a cloud that keeps passwords to itself and gives every server a drive', () => {
  it('answers no password, and forces the drive in its format', async () => {
    const cloud = await ComputeCloud.start(
      {},
      { enableInstancePassword: false, configDrive: { force: true, format: 'vfat' }, maxLocalBlockDevices: 1 },
    );
    try {
      const who = cloud.tenant();
      const body = { server: { name: 'web', flavorRef: '1', imageRef: IMAGE_ID, adminPass: 'x' } };
      const reply = await cloud.ask(who, 'POST', '/servers', body);
      expect(reply.text).not.toContain('adminPass');
      const { id } = (reply.body as { server: { id: string } }).server;
      await cloud.finishLaunch(id);
      const rebuilt = await cloud.ask(who, 'POST', `/servers/${id}/action`, { rebuild: { imageRef: IMAGE_ID } });
      expect([rebuilt.status, rebuilt.text.includes('adminPass')]).toEqual([202, false]);
      expect((await cloud.core.executor.state(streamRef('instance', id))).request?.configDrive).toBe('vfat');
      const blank = { source_type: 'blank', destination_type: 'local', volume_size: 1 };
      const devices = { block_device_mapping_v2: [ROOT, blank] };
      const refused = await cloud.ask(who, 'POST', '/servers', { server: { ...body.server, ...devices } });
      expect(refused.status).toBe(400);
    } finally {
      await cloud.close();
    }
  });
});
