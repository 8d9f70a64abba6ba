import type { ServerRow } from '@cairn/projections';
import { hostRow, LINKS, serverRow } from '../testing/rows';
import { shapeDifferences } from '../testing/shapes';
import {
  presentAddresses,
  presentLaunchedServer,
  presentRebuiltServer,
  presentServer,
  presentServerBrief,
  presentUpdatedServer,
  type ServerViewer,
} from './server.presenter';

const viewer = (minor: number, admin: boolean): ServerViewer => ({
  links: LINKS,
  minor,
  admin,
  hosts: new Map([[hostRow().id, hostRow()]]),
  userData: new Map([[serverRow().id, 'IyEvYmluL3NoCg==']]),
  extraSpecs: true,
});

/** The samples' servers have trusted certificates, and some are shown to a tenant. */
const NONE = /trusted_image_certificates: null is not array/;
const novaDifferences = (...asked: Parameters<typeof shapeDifferences>): readonly string[] =>
  shapeDifferences(...asked).filter((difference) => !NONE.test(difference));

const GROUPS = ['0fd3c8b4-54e7-4ce8-9f0e-3b1e9e8f7b52'];

const OWN = { onlyType: ['accessIPv4', 'accessIPv6', 'OS-EXT-SRV-ATTR:user_data', 'user_data'] };
const show = (minor: number, admin: boolean, row: ServerRow = serverRow()): Record<string, unknown> =>
  presentServer(row, viewer(minor, admin));

describe('a server', () => {
  it.each([
    [1, 'server-get-resp'],
    [3, 'v2.3/server-get-resp'],
    [9, 'v2.9/server-get-resp'],
    [16, 'v2.16/server-get-resp'],
    [19, 'v2.19/server-get-resp'],
  ])('is shown to an administrator in 2.%i as nova shows it', (minor, sample) => {
    const server = show(minor, true, serverRow({ description: 'for the web' }));
    const options = { onlyType: [...OWN.onlyType, 'description'] };
    expect(shapeDifferences({ server }, 'servers', sample, options)).toEqual([]);
  });

  it.each([
    [47, 'v2.47'],
    [62, 'v2.47'],
    [63, 'v2.63'],
    [70, 'v2.63'],
    [71, 'v2.71'],
    [73, 'v2.73'],
    [93, 'v2.90'],
  ])('is shown in 2.%i as nova shows it since %s, the last time to a tenant', (minor, version) => {
    const row = serverRow({ description: 'for the web', locked: true, lockedReason: 'maintenance' });
    const server = presentServer(row, { ...viewer(minor, minor < 90), groups: GROUPS });
    const own = [
      'description',
      'server_groups',
      'trusted_image_certificates',
      'locked',
      'locked_reason',
      'original_name',
    ];
    const options = { onlyType: [...OWN.onlyType, ...own, 'OS-EXT-SRV-ATTR:hostname', 'tags', 'key_name'] };
    expect(novaDifferences({ server }, 'servers', `${version}/server-get-resp`, options)).toEqual([]);
    if (version === 'v2.71') return; // whose samples have no list
    const servers = [show(minor, minor < 90, row)];
    const servers_links = [LINKS.next('servers/detail', new Map([['limit', ['1']]]), row.id)];
    expect(
      novaDifferences(
        version === 'v2.73' ? { servers } : { servers, servers_links },
        'servers',
        `${version}/servers-details-resp`,
        options,
      ),
    ).toEqual([]);
  });

  it('has its flavor in it from 2.47 on, with what that demands for whom may read it', () => {
    const { flavor } = show(47, false) as { readonly flavor: object };
    expect(flavor).toEqual({
      vcpus: 1,
      ram: 512,
      disk: 1,
      ephemeral: 0,
      swap: 0,
      original_name: 'm1.tiny',
      extra_specs: { 'hw:numa_nodes': '1' },
    });
    const blind = presentServer(serverRow(), { ...viewer(47, false), extraSpecs: false });
    expect(blind['flavor']).not.toHaveProperty('extra_specs');
    expect(show(46, false)['flavor']).toMatchObject({ id: '1' });
  });

  it('tells everybody its host name from 2.90 on', () => {
    expect(show(89, false)).not.toHaveProperty('OS-EXT-SRV-ATTR:hostname');
    expect(show(90, false)).toHaveProperty('OS-EXT-SRV-ATTR:hostname', 'new-server-test');
  });

  it('has tags from 2.26 on', () => {
    expect(show(25, false)).not.toHaveProperty('tags');
    expect(show(26, false)).toHaveProperty('tags', ['db', 'web']);
  });

  it('tells nobody but administrators where it runs', () => {
    const shown = show(38, false);
    expect(Object.keys(shown).filter((key) => /^OS-EXT-SRV-ATTR|host_status/.test(key))).toEqual([]);
    expect(JSON.stringify(shown)).not.toContain('node1');
    expect(shown['hostId']).toMatch(/^[0-9a-f]{56}$/);
  });

  it('is on another host to another project, as far as that project can tell', () => {
    const other = serverRow({ projectId: 'another' });
    expect(show(1, false, other)['hostId']).not.toBe(show(1, false)['hostId']);
    expect(show(1, false, serverRow({ hostId: null, hostName: null }))['hostId']).toBe('');
  });

  it.each([
    [{ up: false }, 'DOWN'],
    [{ enabled: false }, 'MAINTENANCE'],
    [{}, 'UP'],
  ])('has the status of its host: %j is %s', (host, status) => {
    const hosts = new Map([[hostRow().id, hostRow(host)]]);
    expect(presentServer(serverRow(), { ...viewer(16, true), hosts })['host_status']).toBe(status);
  });

  it('says in ERROR what went wrong, and to administrators by which rule', () => {
    const failed = serverRow({
      vmState: 'error',
      faultCode: 'scheduler.no-valid-host',
      faultMessage: 'No valid host was found.',
      faultAt: '2026-11-22T12:00:05.000Z',
    });
    const told = { code: 500, message: 'No valid host was found.', created: '2026-11-22T12:00:05Z' };
    expect(show(1, false, failed)).toMatchObject({ status: 'ERROR', fault: told });
    expect(show(1, false, failed)['fault']).not.toHaveProperty('details');
    expect(show(1, true, failed)['fault']).toEqual({ ...told, details: 'scheduler.no-valid-host' });
    expect(show(1, false, failed)).not.toHaveProperty('progress');
  });

  it('shows its zone: that of its host, else the one asked for', () => {
    expect(show(1, false)['OS-EXT-AZ:availability_zone']).toBe('nova');
    const waiting = serverRow({ hostId: null, availabilityZone: 'west' });
    expect(show(1, false, waiting)['OS-EXT-AZ:availability_zone']).toBe('west');
  });

  it('is listed in brief', () => {
    const servers = [presentServerBrief(serverRow(), viewer(1, false))];
    const servers_links = [LINKS.next('servers', new Map([['limit', ['1']]]), serverRow().id)];
    expect(shapeDifferences({ servers, servers_links }, 'servers', 'servers-list-resp')).toEqual([]);
  });

  it('is listed in detail', () => {
    const servers = [show(16, true)];
    const servers_links = [LINKS.next('servers/detail', new Map([['limit', ['1']]]), serverRow().id)];
    const answer = { servers, servers_links };
    expect(shapeDifferences(answer, 'servers', 'v2.16/servers-details-resp', OWN)).toEqual([]);
  });

  it.each([
    [1, 'server-update-resp'],
    [19, 'v2.19/server-put-resp'],
    [47, 'v2.47/server-update-resp'],
    [63, 'v2.63/server-update-resp'],
    [74, 'v2.73/server-update-resp'],
    [75, 'v2.75/server-update-resp'],
    [93, 'v2.90/server-update-resp'],
  ])('is shown after an update in 2.%i as nova shows it: without what extensions add, up to 2.74', (minor, sample) => {
    const row = serverRow({ description: 'new', lockedReason: 'maintenance' });
    const server = presentUpdatedServer(row, { ...viewer(minor, minor < 90), groups: GROUPS });
    const own = ['name', 'description', 'locked', 'locked_reason', 'OS-EXT-SRV-ATTR:hostname'];
    const options = { onlyType: [...OWN.onlyType, ...own] };
    expect(novaDifferences({ server }, 'servers', sample, options)).toEqual([]);
  });

  it.each([
    [1, ''],
    [19, 'v2.19/'],
    [26, 'v2.26/'],
    [53, 'v2.47/'],
    [54, 'v2.54/'],
    [57, 'v2.57/'],
    [63, 'v2.63/'],
    [71, 'v2.71/'],
    [74, 'v2.73/'],
    [75, 'v2.75/'],
    [93, 'v2.90/'],
  ])('is shown after a rebuild in 2.%i as nova shows it', (minor, version) => {
    const row = serverRow({ description: 'new', keyName: 'laptop', lockedReason: 'maintenance' });
    const one = { ...viewer(minor, minor < 90), groups: GROUPS, given: 'ZWNobyAiaGVsbG8gd29ybGQi' };
    const server = { ...presentRebuiltServer(row, one), adminPass: 'seekr3t' };
    const own = [
      'name',
      'description',
      'locked',
      'locked_reason',
      'original_name',
      'key_name',
      'OS-EXT-SRV-ATTR:hostname',
    ];
    const options = { onlyType: [...OWN.onlyType, ...own] };
    expect(novaDifferences({ server }, 'servers', `${version}server-action-rebuild-resp`, options)).toEqual([]);
  });

  it('is answered to who launched it with links and password', () => {
    const server = presentLaunchedServer(
      { id: serverRow().id, adminPass: '6NpUwoz2QDRN', autoDiskConfig: true, securityGroups: ['default'] },
      LINKS,
    );
    expect(shapeDifferences({ server }, 'servers', 'server-create-resp')).toEqual([]);
  });

  it('lists its addresses by network', () => {
    const addresses = presentAddresses(serverRow(), false);
    expect(shapeDifferences({ addresses }, 'server-ips', 'server-ips-resp')).toEqual([]);
    expect(Object.keys(addresses)).toEqual(['private']);
  });
});
