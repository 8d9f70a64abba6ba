import { OWN } from '../../apps/controller/src/cli/nova/commands';
import { DEBIANS, MISSING, RENAMED } from '../../apps/controller/src/cli/nova/missing';
import { table } from '../../apps/controller/src/cli/nova/table';
import { introduce } from '../fuzz/fuzz-cloud';
import { CommandedCloud } from './simulated';

/** What each command that takes something is called with, in this order: the first ones make what later ones need. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'network-create': ['second-net', '--fixed-range-v4=20.20.10.0/24', '--multi-host=false'],
  'network-associate-host': ['NETWORK', 'node1'],
  'network-show': ['NETWORK'],
  'tenant-network-show': ['NETWORK'],
  net: ['NETWORK'],
  'image-show': ['cirros'],
  'secgroup-create': ['web', 'what is served'],
  'secgroup-update': ['web', 'www', 'what is served'],
  'secgroup-list-rules': ['default'],
  'secgroup-add-rule': ['www', 'tcp', '80', '80', '0.0.0.0/0'],
  'secgroup-delete-rule': ['www', 'tcp', '80', '80', '0.0.0.0/0'],
  'secgroup-add-group-rule': ['www', 'default', 'icmp', '-1', '-1'],
  'secgroup-delete-group-rule': ['www', 'default', 'icmp', '-1', '-1'],
  'secgroup-delete': ['www'],
  'secgroup-add-default-rule': ['icmp', '-1', '-1', '0.0.0.0/0'],
  'secgroup-delete-default-rule': ['icmp', '-1', '-1', '0.0.0.0/0'],
  'host-describe': ['node1'],
  'host-update': ['node1', '--status', 'enable'],
  'floating-ip-bulk-create': ['203.0.113.8/29'],
  'floating-ip-create': [],
  'floating-ip-associate': ['vm', '203.0.113.9'],
  'floating-ip-disassociate': ['vm', '203.0.113.9'],
  'add-floating-ip': ['vm', '203.0.113.9'],
  'remove-floating-ip': ['vm', '203.0.113.9'],
  'dns-create-public-domain': ['example.org'],
  'dns-create-private-domain': ['guests.test', '--availability-zone', 'nova'],
  'dns-create': ['203.0.113.9', 'www', 'example.org'],
  'dns-list': ['example.org', '--ip', '203.0.113.9'],
  'dns-delete': ['example.org', 'www'],
  'dns-delete-domain': ['guests.test'],
  'floating-ip-delete': ['203.0.113.9'],
  'floating-ip-bulk-delete': ['203.0.113.8/29'],
  'network-associate-project': ['NETWORK'],
  'network-disassociate': ['NETWORK', '--project-only', '1'],
  scrub: ['nobody'],
  'fixed-ip-reserve': ['20.20.10.9'],
  'fixed-ip-get': ['20.20.10.9'],
  'fixed-ip-unreserve': ['20.20.10.9'],
  'network-delete': ['NETWORK'],
  'tenant-network-create': ['own', '20.20.11.0/24'],
  'tenant-network-delete': ['MADE'],
  'net-create': ['own', '20.20.11.0/24'],
  'net-delete': ['MADE'],
  'image-delete': ['cirros'],
};

/** The cloud has the API and says no. */
const REFUSED: Readonly<Record<string, string>> = { 'host-action': 'power of hosts' };

describe("./cairn nova, the guide's command", () => {
  let cloud: CommandedCloud;
  beforeAll(async () => {
    cloud = await CommandedCloud.start();
    await introduce(cloud.cloud);
    await launch();
    await makeImage({ name: 'cirros', disk_format: 'raw', container_format: 'bare' });
  });
  afterAll(() => cloud.close());

  const makeImage = (image: object): Promise<unknown> => cloud.cloud.administer('image', 'POST', '/v2/images', image);
  const launch = async (): Promise<void> => {
    const { id } = (await makeImage({ name: 'base', disk_format: 'raw', container_format: 'bare' })) as { id: string };
    const headers = { ...cloud.cloud.callers.credentials('admin'), 'content-type': 'application/octet-stream' };
    const url = `/v2/images/${id}/file`;
    await cloud.cloud.send({ service: 'image', method: 'PUT', url, headers, payload: Buffer.alloc(1_024) });
    const server = { name: 'vm', imageRef: id, flavorRef: '1' };
    await cloud.cloud.administer('compute', 'POST', '/v2.1/servers', { server });
    await cloud.cloud.settle(60_000);
  };

  it('answers each command of its own, by the API of the cloud', async () => {
    const names = [...new Set([...Object.keys(VALUES), ...Object.keys(OWN)])].filter(
      (name) => REFUSED[name] === undefined,
    );
    const ids: Record<string, string> = { NETWORK: '', MADE: '' };
    for (const name of names) {
      const values = (VALUES[name] ?? []).map((value) => ids[value] ?? value);
      const called = await cloud.call(name, ...values);
      expect([name, called.status, called.err]).toEqual([name, 0, '']);
      const made = /\| id +\| (\S+)/.exec(called.out)?.[1] ?? '';
      if (name === 'network-create') ids['NETWORK'] = made;
      if (/net(work)?-create$/.test(name)) ids['MADE'] = made;
    }
  });

  it('shows images with ID, name, status and server [guide 26]', async () => {
    await makeImage({ name: 'snap', instance_uuid: '70a599e0-31e7-49b7-b260-868f441e862b' });
    const { out } = await cloud.call('image-list');
    expect(out.split('\n')[1]).toMatch(/^\| ID +\| Name +\| Status +\| Server +\|$/);
    expect(out).toMatch(/\| snap +\| QUEUED +\| 70a599e0-31e7-49b7-b260-868f441e862b \|/);
  });

  it('shows the rules of a group under the guide’s columns [guide 100]', async () => {
    const { out } = await cloud.call('secgroup-list-rules', 'default');
    expect(out.split('\n')[1]).toBe('| IP Protocol | From Port | To Port | IP Range | Source Group |');
  });

  it('opens and closes ports by the commands of the guide, and shows what it has changed [guide 100,101]', async () => {
    const rows = async (...words: readonly string[]): Promise<readonly string[][]> => {
      const { out, err } = await cloud.call(...words);
      expect(err).toBe('');
      const cells = out.split('\n').flatMap((line) => (line.startsWith('|') ? [line.split('|').slice(1, -1)] : []));
      return cells.slice(1).map((row) => row.map((text) => text.trim()));
    };
    const ssh = ['tcp', '22', '22', '0.0.0.0/0'];
    expect(await rows('secgroup-add-rule', 'default', ...ssh)).toEqual([[...ssh, '']]);
    const ping = ['icmp', '-1', '-1'];
    expect(await rows('secgroup-add-group-rule', 'default', 'default', ...ping)).toEqual([[...ping, '', 'default']]);
    expect(await rows('secgroup-list-rules', 'default')).toEqual([
      [...ssh, ''],
      [...ping, '', 'default'],
    ]);
    expect((await cloud.call('secgroup-add-rule', 'default', ...ssh)).err).toMatch(
      /^ERROR: .*already exists.*HTTP 400/,
    );
    await rows('secgroup-delete-rule', 'default', ...ssh);
    await rows('secgroup-delete-group-rule', 'default', 'default', ...ping);
    expect(await rows('secgroup-list-rules', 'default')).toEqual([]);
    expect((await cloud.call('secgroup-delete-rule', 'default', ...ssh)).err).toBe('ERROR: Rule not found\n');
    expect((await cloud.call('secgroup-delete', 'nothing')).err).toBe(
      "ERROR: Secgroup ID or name 'nothing' not found.\n",
    );
  });

  it('shows the exchange with --debug, but neither token nor password [guide 124]', async () => {
    const { err } = await cloud.call('--debug', 'net-list');
    expect(err).toContain('REQ: POST http://localhost:5000/v3/auth/tokens');
    expect(err).toContain('/os-tenant-networks');
    expect(err).toContain('x-auth-token: ***');
    expect(err).not.toMatch(/secret|gAAAA|v\d\.local/);
  });

  it.each(Object.keys(MISSING))('refuses %s in one line that says what is missing', async (name) => {
    const { status, out, err, debians } = await cloud.call(name, 'x');
    expect([status, out, debians]).toEqual([1, '', undefined]);
    expect(err).toBe(`ERROR: nova ${name} needs what this cloud does not have: ${String(MISSING[name])}.\n`);
  });

  it.each(Object.keys(REFUSED))('says what the cloud answers to %s', async (name) => {
    const { status, err } = await cloud.call(name, 'node1', '--action', 'reboot');
    expect([status, err]).toEqual([1, expect.stringMatching(/^ERROR: .*\(HTTP 501\) \(Request-ID: req-\S+\)\n$/)]);
  });

  it('leaves the rest to Debian’s nova, options with underscores and old names as that one knows them', async () => {
    expect((await cloud.call('--os_username=joe', 'boot', '--image', 'a')).debians).toEqual([
      '--os-username=joe',
      'boot',
      '--image',
      'a',
    ]);
    for (const known of [
      ['aggregate-cache-images', '1', 'cirros'],
      ['add-secgroup', 'vm', 'web'],
      ['remove-secgroup', 'vm', 'unfiltered'],
    ])
      expect((await cloud.call(...known)).debians).toEqual(known);
    for (const [old, name] of Object.entries(RENAMED))
      expect((await cloud.call(old, 'vm')).debians).toEqual([name, 'vm']);
    expect(DEBIANS.filter((name) => OWN[name] !== undefined || MISSING[name] !== undefined)).toEqual([]);
  });

  it('helps: with all commands, with one, and with one that is used wrongly [guide 125]', async () => {
    expect(await cloud.call('help')).toMatchObject({
      status: 0,
      debians: ['help'],
      out: expect.stringContaining('image-list') as string,
    });
    expect(await cloud.call('help', 'host-list')).toMatchObject({
      status: 0,
      debians: undefined,
      out: expect.stringMatching(/^usage: nova host-list/) as string,
    });
    expect(await cloud.call('help', 'boot')).toMatchObject({ debians: ['help', 'boot'] });
    expect(await cloud.call('image-show')).toMatchObject({
      status: 2,
      err: expect.stringMatching(/^usage: nova image-show IMAGE/) as string,
    });
  });

  it('makes several networks of one range, and takes those of a project away from it [guide 113]', async () => {
    const made = await cloud.call(
      ...['network-create', 'part', '--fixed-range-v4=20.20.20.0/24', '--num-networks=2', '--network-size', '8'],
      ...['--project-id', 'some-project'],
    );
    const shown = [...made.out.matchAll(/\| (?:label|cidr) +\| (\S+)/g)].map(([, value]) => value);
    expect([made.err, shown.sort()]).toEqual(['', ['20.20.20.0/29', '20.20.20.8/29', 'part_0', 'part_1']]);
    const id = /\| id +\| (\S+)/.exec(made.out)?.[1] ?? '';
    expect((await cloud.call('network-delete', id)).err).toMatch(/must be disassociated from project some-project/);
    expect(await cloud.call('scrub', 'some-project')).toMatchObject({ status: 0, err: '' });
    expect(await cloud.call('network-delete', id)).toMatchObject({ status: 0, err: '' });
    expect((await cloud.call('network-create', 'x', '--fixed-range-v4=20.20.21.0/24', '--num-networks=2')).err).toBe(
      'ERROR: The network range is not big enough to fit 2 networks. Network size is 256.\n',
    );
  });

  it('says what is missing or wrong in one line', async () => {
    expect((await cloud.call('image-show', 'nothing')).err).toBe(
      "ERROR: No image with a name or ID of 'nothing' exists.\n",
    );
    expect((await cloud.call('network-create', 'x', '--colour', 'blue')).err).toBe(
      'ERROR: unrecognized arguments: --colour\n',
    );
    expect((await cloud.call('network-create', 'x', '--fixed-range-v4')).err).toBe(
      'ERROR: argument --fixed-range-v4: expected one argument\n',
    );
    expect((await cloud.call('host-describe', 'nowhere')).err).toMatch(/^ERROR: .* \(HTTP 404\)/);
  });

  it('draws tables whose columns stay in line whatever is in them', () => {
    expect(
      table(
        ['A', 'B'],
        [
          ['世界', null],
          ['a\u001b[31m\nb', true],
        ],
      ).split('\n'),
    ).toEqual([
      '+----------+------+',
      '| A        | B    |',
      '+----------+------+',
      '| 世界     | -    |',
      '| a [31m b | True |',
      '+----------+------+',
      '',
    ]);
  });
});
