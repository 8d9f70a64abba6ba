import type { ServerRow } from '@cairn/projections';
import { hostRow, LINKS, serverRow } from '../testing/rows';
import { shapeDifferences } from '../testing/shapes';
import {
  presentAddresses,
  presentLaunchedServer,
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
});

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
  ])('is shown after an update in 2.%i without what extensions add', (minor, sample) => {
    const server = presentUpdatedServer(serverRow({ description: 'new' }), viewer(minor, true));
    const options = { onlyType: [...OWN.onlyType, 'name', 'description'] };
    expect(shapeDifferences({ server }, 'servers', sample, options)).toEqual([]);
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
