import { instanceIdOf, networkOf, nicOf } from '../../testing/specs';

import { dnsmasqArguments, dnsmasqFiles, hostsFile, livingLeases, namesFile } from './dnsmasq-config';
import type { PortedNetwork } from './ruleset';

const files = dnsmasqFiles('/state/networks/n');
const spec = networkOf(1, { cidr: '10.251.1.64/26', gateway: '10.251.1.65' });

const withGuests = (...hostnames: readonly string[]): Pick<PortedNetwork, 'spec' | 'served'> => ({
  spec,
  served: hostnames.map((hostname, i) => ({
    instanceId: instanceIdOf(i + 1),
    hostname,
    mac: nicOf(i + 1, spec).mac,
    address: `10.251.1.${String(70 + i)}`,
  })),
});

describe('dnsmasq of a network', () => {
  it('leases static addresses of the network only, on its bridge only', () => {
    const args = dnsmasqArguments({ spec }, files);
    expect(args).toContain('--dhcp-range=10.251.1.64,static,255.255.255.192,86400s');
    expect(args).toEqual(expect.arrayContaining(['--interface=brt1', '--except-interface=lo', '--bind-interfaces']));
    expect(args).toContain('--dhcp-lease-max=64');
    expect(args).toContain('--pid-file=/state/networks/n/dnsmasq.pid');
  });

  it('hands out the gateway as router and, unless others are named, as name server', () => {
    expect(dnsmasqArguments({ spec }, files)).toEqual(
      expect.arrayContaining([
        '--dhcp-option=option:router,10.251.1.65',
        '--dhcp-option=option:dns-server,10.251.1.65',
      ]),
    );
    const others = dnsmasqArguments({ spec: { ...spec, dns: ['192.0.2.1', '192.0.2.2'] } }, files);
    expect(others).toContain('--dhcp-option=option:dns-server,192.0.2.1,192.0.2.2');
  });

  it('answers for names only where guests get their addresses injected', () => {
    const args = dnsmasqArguments({ spec: { ...spec, dhcp: false } }, files).join(' ');
    expect(args).not.toContain('--dhcp');
    expect(args).toContain('--addn-hosts=');
  });

  it('tells the MTU to every guest, asked or not', () => {
    expect(dnsmasqArguments({ spec }, files)).toContain('--dhcp-option-force=option:mtu,1450');
  });

  it('keeps names of the domain at home, and has none without a domain', () => {
    expect(dnsmasqArguments({ spec }, files)).toEqual(
      expect.arrayContaining(['--domain=novalocal', '--local=/novalocal/']),
    );
    expect(dnsmasqArguments({ spec: { ...spec, domain: '' } }, files).join(' ')).not.toMatch(/--domain|--local/);
  });

  it('asks the servers that the operator names, and reads the file of settings that is given', () => {
    const plain = dnsmasqArguments({ spec }, files);
    expect(plain).toContain('--conf-file=');
    expect(plain).not.toContain('--no-resolv');
    const chosen = { nameServers: ['192.0.2.53', '2001:db8::53'], configFile: '/etc/cairn/dnsmasq.conf' };
    expect(dnsmasqArguments({ spec }, files, chosen)).toEqual(
      expect.arrayContaining([
        '--conf-file=/etc/cairn/dnsmasq.conf',
        '--no-resolv',
        '--server=192.0.2.53',
        '--server=2001:db8::53',
      ]),
    );
  });

  it('knows the names of all guests, with the domain and without, also before they ask for a lease', () => {
    expect(dnsmasqArguments({ spec }, files)).toContain('--addn-hosts=/state/networks/n/dns-names');
    expect(namesFile(withGuests('web-1', 'a b', 'web-3'))).toBe(
      '10.251.1.70 web-1.novalocal web-1\n10.251.1.72 web-3.novalocal web-3\n',
    );
    expect(namesFile({ ...withGuests('web-1'), spec: { ...spec, domain: '' } })).toBe('10.251.1.70 web-1\n');
  });

  it('has one line a guest, and no name that is not one', () => {
    expect(hostsFile(withGuests('web-1', 'a b', 'x,10.0.0.1', '-dash', 'näme'))).toBe(
      [
        'fa:16:3e:01:00:01,web-1,10.251.1.70',
        'fa:16:3e:01:00:02,10.251.1.71',
        'fa:16:3e:01:00:03,10.251.1.72',
        'fa:16:3e:01:00:04,10.251.1.73',
        'fa:16:3e:01:00:05,10.251.1.74',
        '',
      ].join('\n'),
    );
  });

  it('gives up the leases of guests that have gone, and of those whose address has another owner now', () => {
    const [own, moved, gone, other] = [
      '1795352172 FA:16:3E:01:00:01 10.251.1.70 web-1 01:fa:16:3e:01:00:01',
      '1795352172 fa:16:3e:01:00:99 10.251.1.71 old *',
      '1795352172 fa:16:3e:01:00:98 10.251.1.90 * *',
      'duid 00:01:00:01',
    ];
    const leases = [own, moved, gone, other, ''].join('\n');
    expect(livingLeases(leases, withGuests('web-1', 'web-2'))).toBe([own, other, ''].join('\n'));
    expect(livingLeases('', withGuests())).toBe('');
  });
});
