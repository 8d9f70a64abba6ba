import { rightsOf } from '../../../../application/core/testing/fake-core';
import { PolicyRefusal } from '../../../../policy';
import { HttpProblem } from '../../../http';
import { bind } from '../../../http/bind';
import { ValidationPipe } from '../../../http/validation.pipe';
import { CreateServerBody } from './create-server.dto';
import { launchSpec } from './launch-spec';

const IMAGE = '70a599e0-31e7-49b7-b260-868f441e862b';
const NETWORK = '3cb9bc59-5699-4588-a4b1-b87f96708bc6';
const least = { name: 'web', imageRef: IMAGE, flavorRef: '1' };

const wish = (server: object, minor = 1, admin = false, more: object = {}): ReturnType<typeof launchSpec> =>
  launchSpec(
    bind(CreateServerBody, { server: { ...least, ...server }, ...more }, 'refuse') as CreateServerBody,
    minor,
    rightsOf(admin ? 'admin' : 'member'),
  );

const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof PolicyRefusal) return `403 ${error.message}`;
    if (error instanceof HttpProblem) return `${String(error.getStatus())} ${error.text ?? ''}`;
    throw error;
  }
  return 'none';
};

const validated = async (body: unknown): Promise<string> => {
  try {
    await new ValidationPipe().transform(body, { type: 'body', metatype: CreateServerBody });
  } catch (error) {
    if (error instanceof HttpProblem) return error.text ?? '';
    throw error;
  }
  return 'fine';
};

describe('what a tenant wishes for', () => {
  it('is one server, on all networks, in the default group', () => {
    expect(wish({})).toEqual({
      name: 'web',
      description: null,
      minCount: 1,
      maxCount: 1,
      flavorId: '1',
      imageId: IMAGE,
      keyName: null,
      metadata: {},
      userData: null,
      availabilityZone: null,
      forcedHost: null,
      networks: 'all',
      securityGroups: ['default'],
      autoDiskConfig: true,
    });
  });

  it('may name flavor and image by URL', () => {
    const asked = { flavorRef: 'http://h:8774/v2.1/flavors/3', imageRef: `http://h:9292/images/${IMAGE}` };
    expect(wish(asked)).toMatchObject({ flavorId: '3', imageId: IMAGE });
    expect(wish({ flavorRef: 3 }).flavorId).toBe('3');
  });

  it('takes the device that openstackclient sends for the image of imageRef', () => {
    const device = {
      uuid: IMAGE,
      boot_index: 0,
      source_type: 'image',
      destination_type: 'local',
      delete_on_termination: true,
    };
    expect(wish({ block_device_mapping_v2: [device] })).toMatchObject({ imageId: IMAGE, disks: { root: {} } });
    expect(wish({ block_device_mapping_v2: [{ ...device, boot_index: '0' }] }).imageId).toBe(IMAGE);
  });

  it('may be a configuration drive, files and a password', () => {
    const files = [{ path: '/etc/motd', contents: 'aGVsbG8=' }];
    expect(wish({ config_drive: 'true', personality: files, adminPass: 'pw' })).toMatchObject({
      configDrive: true,
      files,
      adminPass: 'pw',
    });
    expect(wish({ config_drive: '', personality: [] })).not.toHaveProperty('configDrive');
    expect(refusal(() => wish({ personality: files, networks: 'auto' }, 57))).toMatch(
      /^400 .*'personality' was unexpected/,
    );
  });

  it.each([
    [{ imageRef: '' }, /imageRef/],
    [{ imageRef: 'not-a-uuid' }, /imageRef/],
    [{ block_device_mapping_v2: [{ source_type: 'volume', uuid: IMAGE }] }, /Block Device Mapping is Invalid/],
    [{ block_device_mapping: [{}] }, /Unrecognized legacy format/],
    [{ 'os:scheduler_hints': { same_host: 'no' } }, /same_host.*'uuid'/],
    [{ 'os:scheduler_hints': { different_host: [IMAGE, 5] } }, /different_host.*'uuid'/],
    [{ 'os:scheduler_hints': { build_near_host_ip: 'node-1' } }, /build_near_host_ip/],
    [{ 'os:scheduler_hints': { build_near_host_ip: '192.0.2.1', cidr: '/33' } }, /cidr/],
    [{ 'os:scheduler_hints': { query: '[">>"]' } }, /query/],
    [{ description: 'x' }, /'description' was unexpected/],
    [{ networks: 'auto' }, /networks/],
    [{ networks: [{ port: IMAGE }] }, /ports/],
    [{ networks: [{ fixed_ip: '10.0.0.1' }] }, /uuid/],
    [{ min_count: 3, max_count: 2 }, /min_count/],
  ])('is refused with 400: %j', (server, message) => {
    expect(refusal(() => wish(server))).toMatch(/^400 /);
    expect(refusal(() => wish(server))).toMatch(message);
  });

  it('may be hinted to a place', () => {
    const hints = { same_host: IMAGE, different_host: [NETWORK], build_near_host_ip: '192.0.2.1', query: ['=', 1, 1] };
    expect(wish({ 'os:scheduler_hints': hints }).hints).toEqual({
      sameHost: [IMAGE],
      differentHost: [NETWORK],
      nearHost: '192.0.2.1/24',
      query: '["=",1,1]',
    });
    expect(wish({}).hints).toBeUndefined();
    expect(wish({ 'os:scheduler_hints': { reservation: IMAGE, same_host: IMAGE } }).hints).toEqual({
      sameHost: [IMAGE],
    });
  });

  it('must say its networks from 2.37 on', () => {
    expect(refusal(() => wish({}, 37))).toMatch(/^400 .*'networks' is a required property/);
    expect(wish({ networks: 'auto' }, 37).networks).toBe('all');
    expect(wish({ networks: 'none' }, 37).networks).toEqual([]);
    const named = [{ uuid: NETWORK, fixed_ip: '10.0.0.9' }, { uuid: IMAGE }];
    expect(wish({ networks: named }, 37).networks).toEqual([
      { networkId: NETWORK, address: '10.0.0.9' },
      { networkId: IMAGE, address: null },
    ]);
  });

  it('may be a certain host for administrators only', () => {
    expect(wish({ availability_zone: 'nova' })).toMatchObject({ availabilityZone: 'nova', forcedHost: null });
    expect(wish({ availability_zone: 'nova:node1' }, 1, true)).toMatchObject({
      availabilityZone: 'nova',
      forcedHost: 'node1',
    });
    expect(wish({ availability_zone: ':node1' }, 1, true)).toMatchObject({
      availabilityZone: null,
      forcedHost: 'node1',
    });
    expect(refusal(() => wish({ availability_zone: 'nova:node1' }))).toMatch(/^403 .*create:forced_host/);
  });

  it('carries user data decoded, counts as numbers and groups once', () => {
    expect(wish({ user_data: 'IyEvYmlu\nL3NoCg==' }).userData?.toString()).toBe('#!/bin/sh\n');
    expect(wish({ min_count: '2', max_count: 3 })).toMatchObject({ minCount: 2, maxCount: 3 });
    expect(wish({ min_count: 2 })).toMatchObject({ minCount: 2, maxCount: 2 });
    expect(wish({ security_groups: [{ name: 'default' }, { name: 'default' }] }).securityGroups).toEqual(['default']);
  });
});

describe('a body of POST /servers', () => {
  it.each([
    [{ server: least }, 'fine'],
    [{ server: { ...least, networks: 'auto', metadata: { a: 'b' }, 'OS-DCF:diskConfig': 'MANUAL' } }, 'fine'],
    [{}, /'server' is a required property/],
    [{ server: null }, /server/],
    [{ server: [least] }, /server/],
    [{ server: 'x' }, /server/],
    [{ server: { ...least, name: '' } }, /name\. Value: ""\. '' is too short/],
    [{ server: { ...least, name: ' x' } }, /name/],
    [{ server: { ...least, name: 'x'.repeat(256) } }, /too long/],
    [{ server: { ...least, name: 5 } }, /5 is not of type 'string'/],
    [{ server: { imageRef: IMAGE, name: 'x' } }, /'flavorRef' is a required property/],
    [{ server: { ...least, flavorRef: { a: 1 } } }, /flavorRef/],
    [{ server: { ...least, nonsense: 1 } }, /'nonsense' was unexpected/],
    [{ server: least, nonsense: 1 }, /'nonsense' was unexpected/],
    [{ server: { ...least, metadata: { a: 1 } } }, /metadata/],
    [{ server: { ...least, metadata: { ä: 'x' } } }, /metadata/],
    [{ server: { ...least, metadata: [] } }, /metadata/],
    [{ server: { ...least, user_data: '§' } }, /user_data\. Value: \*\*\*/],
    [{ server: { ...least, user_data: 'A'.repeat(65_540) } }, /65535/],
    [{ server: { ...least, networks: 5 } }, /networks/],
    [{ server: { ...least, networks: [{ uuid: 'x' }] } }, /uuid/],
    [{ server: { ...least, networks: [{ uuid: NETWORK, nonsense: 1 }] } }, /'nonsense' was unexpected/],
    [{ server: { ...least, networks: [null] } }, /networks/],
    [{ server: { ...least, min_count: 0 } }, /less than the minimum of 1/],
    [{ server: { ...least, min_count: 'many' } }, /not of type 'integer'/],
    [{ server: { ...least, max_count: 1e9 } }, /greater than the maximum of 1000/],
    [{ server: { ...least, key_name: null } }, /key_name/],
    [{ server: { ...least, accessIPv4: '::1' } }, /accessIPv4/],
    [{ server: { ...least, accessIPv6: '1.2.3.4' } }, /accessIPv6/],
    [{ server: { ...least, accessIPv6: 'fe80::1%eth0' } }, /accessIPv6/],
    [{ server: { ...least, personality: {} } }, /personality/],
    [{ server: { ...least, 'OS-DCF:diskConfig': 'auto' } }, /OS-DCF:diskConfig/],
  ])('is looked at field by field (case %#)', async (body, expected) => {
    if (typeof expected === 'string') expect(await validated(body)).toBe(expected);
    else expect(await validated(body)).toMatch(expected);
  });
});
