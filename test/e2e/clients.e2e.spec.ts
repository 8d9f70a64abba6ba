import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ADMIN, Cloud, DEMO } from './cloud';
import { consoleUrl, openConsole, screenAt, shows } from './consoles';

/** What works in OpenStack works here, with Debian's clients, on simulated hosts. */
describe('the stock clients', () => {
  const cloud = new Cloud({ firstPort: 21_000, simulated: 3, cidr: '10.0.0.0/24', bridge: 'br100' });
  const blob = Buffer.concat([Buffer.from('an image of raw bytes\n'), Buffer.alloc(1024 * 1024)]);

  beforeAll(() => cloud.up());
  afterAll(() => cloud.destroy());

  it('issues tokens by v3 and by v2.0', async () => {
    const v3 = await cloud.openstack(['token', 'issue']);
    expect(Object.keys(v3).sort()).toEqual(['expires', 'id', 'project_id', 'user_id']);
    const v2 = await cloud.openstack(['token', 'issue'], { user: 'demo', api: '2.0' });
    expect(v2['id']).toEqual(expect.any(String));
  });

  it('lists the catalog, projects and users', async () => {
    const catalog = await cloud.openstack<{ Type: string }[]>(['catalog', 'list']);
    expect(catalog.map(({ Type }) => Type).sort()).toEqual(['compute', 'identity', 'image']);
    const names = async (noun: string): Promise<string[]> =>
      (await cloud.openstack<{ Name: string }[]>([noun, 'list'])).map(({ Name }) => Name).sort();
    expect(await names('project')).toEqual(['admin', 'demo']);
    expect(await names('user')).toEqual(['admin', 'demo']);
  });

  it("lists the guide's five flavors, exactly", async () => {
    const flavors = await cloud.openstack<Record<string, unknown>[]>(['flavor', 'list'], DEMO);
    expect(
      flavors.map((f) => [f['ID'], f['Name'], f['RAM'], f['Disk'], f['Ephemeral'], f['VCPUs'], f['Is Public']]),
    ).toEqual([
      ['1', 'm1.tiny', 512, 1, 0, 1, true],
      ['2', 'm1.small', 2048, 20, 0, 1, true],
      ['3', 'm1.medium', 4096, 40, 0, 2, true],
      ['4', 'm1.large', 8192, 80, 0, 4, true],
      ['5', 'm1.xlarge', 16384, 160, 0, 8, true],
    ]);
  });

  it('creates, lists, shows, saves and deletes images', async () => {
    const file = cloud.file('image.raw', blob);
    await cloud.openstack(['image', 'create', '--disk-format', 'raw', '--file', file, 'to-go'], DEMO);
    const image = await cloud.openstack(['image', 'show', 'to-go'], DEMO);
    expect(image).toMatchObject({ name: 'to-go', status: 'active', size: blob.length, visibility: 'shared' });
    const saved = join(cloud.state, 'saved.raw');
    await cloud.does(['image', 'save', '--file', saved, 'to-go'], DEMO);
    expect(readFileSync(saved).equals(blob)).toBe(true);
    await cloud.does(['image', 'delete', 'to-go'], DEMO);
    expect(await cloud.openstack<unknown[]>(['image', 'list'], DEMO)).toEqual([]);
  });

  it('groups hosts into aggregates, which are zones [guide 3]', async () => {
    await cloud.does(['aggregate', 'create', '--zone', 'west', 'rack']);
    await cloud.does(['aggregate', 'add', 'host', 'rack', 'sim-2']);
    await cloud.does(['aggregate', 'set', '--property', 'ssd=true', '--name', 'rack7', 'rack']);
    expect(await cloud.openstack(['aggregate', 'show', 'rack7'])).toMatchObject({
      availability_zone: 'west',
      hosts: ['sim-2'],
      properties: { ssd: 'true' },
    });
    const zones = await cloud.openstack<{ 'Zone Name': string }[]>(['availability', 'zone', 'list'], DEMO);
    expect(zones.map((zone) => zone['Zone Name'])).toEqual(['nova', 'west']);
    const refused = await cloud.refused(['aggregate', 'add', 'host', 'rack7', 'sim-2']);
    expect(refused).toMatch(/409: .*Aggregate \d+ already has host sim-2/);
    const nova = async (...args: readonly string[]): Promise<string> => {
      const ran = await cloud.client('nova', args);
      expect(ran).toMatchObject({ status: 0 });
      return ran.stdout;
    };
    expect(await nova('aggregate-list')).toMatch(/rack7 +\| west/);
    await nova('aggregate-create', 'other');
    await nova('aggregate-add-host', 'other', 'sim-3');
    await nova('aggregate-set-metadata', 'other', 'gpu=true');
    await nova('aggregate-update', '--name', 'gpus', 'other');
    expect(await nova('aggregate-show', 'gpus')).toMatch(/'sim-3'.*'gpu=true'/);
    await nova('aggregate-remove-host', 'gpus', 'sim-3');
    await nova('aggregate-delete', 'gpus');
    await cloud.does(['aggregate', 'remove', 'host', 'rack7', 'sim-2']);
    await cloud.does(['aggregate', 'delete', 'rack7']);
    expect(await cloud.openstack<unknown[]>(['aggregate', 'list'])).toEqual([]);
  });

  it('creates, lists, shows and deletes key pairs', async () => {
    const key = await cloud.does(['keypair', 'create', 'one'], DEMO);
    expect(key).toContain('PRIVATE KEY');
    expect(await cloud.openstack<{ Name: string }[]>(['keypair', 'list'], DEMO)).toMatchObject([{ Name: 'one' }]);
    expect(await cloud.openstack(['keypair', 'show', 'one'], DEMO)).toMatchObject({ name: 'one' });
    await cloud.does(['keypair', 'delete', 'one'], DEMO);
    expect(await cloud.openstack<unknown[]>(['keypair', 'list'], DEMO)).toEqual([]);
  });

  it('lists networks; shows and sets quotas [guide 23]', async () => {
    expect(await cloud.openstack<unknown[]>(['network', 'list'], DEMO)).toMatchObject([
      { Name: 'private', Subnet: '10.0.0.0/24' },
    ]);
    await cloud.does(['quota', 'set', '--cores', '40', '--instances', '20', 'demo']);
    const quota = await cloud.openstack<Record<string, unknown>[] | Record<string, unknown>>(['quota', 'show', 'demo']);
    expect(JSON.stringify(quota)).toMatch(/40/);
  });

  describe('with an image', () => {
    beforeAll(async () => {
      const file = cloud.file('image.raw', blob);
      await cloud.openstack(['image', 'create', '--disk-format', 'raw', '--public', '--file', file, 'cirros']);
      await cloud.does(['keypair', 'create', 'key'], DEMO);
    });

    it('launches, stops, starts, reboots and deletes a server', async () => {
      const data = cloud.file('user-data', '#!/bin/sh\necho hello\n');
      const create = [
        'server',
        'create',
        '--image',
        'cirros',
        '--flavor',
        'm1.tiny',
        '--key-name',
        'key',
        '--user-data',
        data,
      ];
      const made = await cloud.openstack([...create, '--property', 'role=web', '--wait', 'one'], DEMO);
      expect(made).toMatchObject({ status: 'ACTIVE', name: 'one', key_name: 'key' });
      const shown = await cloud.openstack<{ addresses: Record<string, string[]> }>(['server', 'show', 'one'], DEMO);
      expect(shown).toMatchObject({ status: 'ACTIVE', properties: { role: 'web' } });
      expect(shown.addresses['private']?.[0]).toMatch(/^10\.0\.0\.\d+$/);
      const listed = await cloud.openstack<Record<string, unknown>[]>(['server', 'list', '--long'], DEMO);
      expect(listed).toMatchObject([{ Name: 'one', Status: 'ACTIVE', 'Power State': 1, 'Image Name': 'cirros' }]);
      await cloud.does(['server', 'stop', 'one'], DEMO);
      await statusOf('one', 'SHUTOFF');
      await cloud.does(['server', 'start', 'one'], DEMO);
      await statusOf('one', 'ACTIVE');
      await cloud.does(['server', 'reboot', '--wait', 'one'], DEMO);
      expect((await cloud.openstack<{ addresses: unknown }>(['server', 'show', 'one'], DEMO)).addresses).toEqual(
        shown.addresses,
      );
      expect(await cloud.does(['console', 'log', 'show', 'one'], DEMO)).not.toBe('');
      const history = await cloud.cairn('history', (shown as unknown as { id: string }).id);
      expect(history.stdout).toMatch(
        /demo +req-\S+ +launch requested[\s\S]+launched on sim-[\s\S]+stop requested[\s\S]+rebooted/,
      );
      await cloud.does(['server', 'delete', '--wait', 'one'], DEMO);
      expect(await cloud.openstack<unknown[]>(['server', 'list'], DEMO)).toEqual([]);
    });

    const statusOf = async (name: string, status: string): Promise<void> => {
      for (let tries = 0; tries < 30; tries += 1) {
        const { status: now } = await cloud.openstack<{ status: string }>(['server', 'show', name], DEMO);
        if (now === status) return;
      }
      throw new Error(`${name} did not become ${status}`);
    };

    it('launches several at once', async () => {
      await cloud.openstack(
        ['server', 'create', '--image', 'cirros', '--flavor', 'm1.tiny', '--min', '2', '--max', '3', '--wait', 'many'],
        DEMO,
      );
      const names = (await cloud.openstack<{ Name: string }[]>(['server', 'list'], DEMO))
        .map(({ Name }) => Name)
        .sort();
      expect(names).toEqual(['many-1', 'many-2', 'many-3']);
    });

    it('says why a server cannot be: No valid host was found', async () => {
      await cloud.does(['flavor', 'create', '--ram', '9000000', '--disk', '1', '--vcpus', '1', '--id', '99', 'huge']);
      await cloud.does(['quota', 'set', '--ram', '-1', 'demo']);
      await cloud.client(
        'openstack',
        ['server', 'create', '--image', 'cirros', '--flavor', 'huge', '--wait', 'giant'],
        DEMO,
      );
      const giant = await cloud.openstack<{ status: string; fault: { message: string } }>(
        ['server', 'show', 'giant'],
        DEMO,
      );
      expect(giant.status).toBe('ERROR');
      expect(giant.fault.message).toMatch(/^No valid host was found/);
      await cloud.does(['server', 'delete', '--wait', 'giant'], DEMO);
    });

    it('answers novaclient', async () => {
      const listed = await cloud.client('nova', ['list'], DEMO);
      expect(listed.stdout).toMatch(/many-1 +\| ACTIVE/);
      expect((await cloud.client('nova', ['show', 'many-1'], DEMO)).stdout).toMatch(/flavor[^\n]*m1\.tiny/);
      const debugged = await cloud.client('nova', ['--debug', 'list'], DEMO);
      expect(debugged.stderr).toMatch(/servers\/detail/);
      expect(debugged.stderr).not.toContain(cloud.password('demo'));
    });

    it("answers the guide's nova by Debian's command and by Cairn's own", async () => {
      const nova = async (...args: readonly string[]): Promise<string> => {
        const { status, stdout, stderr } = await cloud.cairnNova(args, DEMO);
        expect([status, stderr]).toEqual([0, expect.not.stringContaining('ERROR')]);
        return stdout;
      };
      expect(await nova('list')).toMatch(/many-1 +\| ACTIVE/);
      expect(await nova('image-list')).toMatch(/^\| ID +\| Name +\| Status +\| Server +\|$/m);
      expect(await nova('net-list')).toMatch(/\| private +\| 10\.0\.0\.0\/24/);
      expect(await nova('absolute-limits')).toMatch(/\| maxTotalInstances +\| \d+ +\|/);
      expect(await nova('help', 'image-list')).toMatch(/image-list \[--limit N\]/);
      expect(await nova('dns-domains')).toMatch(/^\| domain +\| scope +\|/m);
      const missing = await cloud.cairnNova(['cloudpipe-list'], DEMO);
      expect(missing.status).not.toBe(0);
      expect(missing.stderr).toMatch(/cloudpipe/);
    });

    it('opens the consoles of a server by URLs, until it stops [guide 54]', async () => {
      const byNova = async (...args: readonly string[]): Promise<string> => {
        const ran = await cloud.client('nova', args, DEMO);
        return /(http|ws):\/\/\S+/.exec(ran.stdout)?.[0] ?? ran.stderr;
      };
      const novnc = await consoleUrl(cloud, 'novnc', 'many-1', DEMO);
      expect(novnc).toMatch(`${cloud.url('console')}/vnc_lite.html?path=`);
      expect(await (await fetch(novnc)).text()).toContain('<script type="module" src="console.js">');
      for (const url of [novnc, await byNova('get-vnc-console', 'many-1', 'novnc')])
        expect(await screenAt(url)).toMatch(/^instance-/);
      const ofSerial = await consoleUrl(cloud, 'serial', 'many-1', DEMO);
      for (const url of [ofSerial, await byNova('get-serial-console', 'many-1')]) {
        const serial = await openConsole(url);
        serial.stream.write('hello');
        await shows(serial, /many-1 login: hello/);
        serial.stream.destroy();
      }
      expect(await byNova('get-mks-console', 'many-1')).toContain('Unavailable console type webmks.');
      expect(await byNova('get-vnc-console', 'many-1', 'xvpvnc')).toContain('Invalid console type xvpvnc');
      expect(await cloud.refused(['console', 'url', 'show', '--spice', 'many-1'], DEMO)).toContain(
        'Unavailable console type spice-html5.',
      );
      const screen = await openConsole(novnc);
      await cloud.does(['server', 'stop', 'many-1'], DEMO);
      await screen.ended;
      expect((await cloud.cairn('history', 'many-1')).stdout).toMatch(/screen opened from 127\.0\.0\.1/);
      await expect(openConsole(novnc)).rejects.toThrow('refused with 403');
      expect(await cloud.refused(['console', 'url', 'show', '--novnc', 'many-1'], DEMO)).toMatch(
        /Instance \S+ is not ready/,
      );
      await cloud.does(['server', 'start', 'many-1'], DEMO);
      await statusOf('many-1', 'ACTIVE');
    });

    it('shows operators zones, services and hypervisors', async () => {
      expect(await cloud.openstack<unknown[]>(['availability', 'zone', 'list'], DEMO)).toContainEqual({
        'Zone Name': 'nova',
        'Zone Status': 'available',
      });
      const services = await cloud.openstack<Record<string, unknown>[]>(['compute', 'service', 'list']);
      expect(services.filter((s) => s['Binary'] === 'nova-compute')).toHaveLength(3);
      const hypervisors = await cloud.openstack<Record<string, unknown>[]>(['hypervisor', 'list']);
      expect(hypervisors.map((h) => h['Hypervisor Hostname']).sort()).toEqual(['sim-1', 'sim-2', 'sim-3']);
      expect(await cloud.openstack(['hypervisor', 'show', 'sim-1'])).toMatchObject({
        hypervisor_hostname: 'sim-1',
        state: 'up',
      });
      expect(await cloud.openstack(['hypervisor', 'stats', 'show'])).toMatchObject({ count: 3, running_vms: 3 });
    });

    it('keeps what another project has to itself [guide 6]', async () => {
      await cloud.does(['project', 'create', 'other']);
      await cloud.does(['user', 'create', '--password', 'other-password', '--project', 'other', 'other']);
      await cloud.does(['role', 'add', '--project', 'other', '--user', 'other', 'member']);
      cloud.file('other.password', 'other-password\n');
      const { id } = await cloud.openstack<{ id: string }>(['server', 'show', 'many-1'], DEMO);
      expect(await cloud.refused(['server', 'show', id], { user: 'other' })).toMatch(/No [Ss]erver (with|found)/);
      expect(await cloud.openstack<unknown[]>(['server', 'list'], { user: 'other' })).toEqual([]);
      expect(await cloud.refused(['hypervisor', 'list'], { user: 'other' })).toMatch(/Policy doesn't allow/);
      expect(ADMIN.user).toBe('admin');
    });

    it('holds the hash chains of all streams', async () => {
      const verified = await cloud.cairn('verify');
      expect(verified.stdout).toMatch(/all chains hold/);
      expect(verified.status).toBe(0);
    });
  });
});
