import type { NetworkSpec } from '@cairn/host-protocol';

import { servedBy } from '../../ports/gateways';
import { instanceIdOf, networkOf, nicOf } from '../../testing/specs';

import { bridgeMac, tapName } from './names';
import { emptyRuleset, type PortedNetwork, ruleset } from './ruleset';

const options = { table: 'cairn', metadataPort: 8776, closed: [], open: [], carried: [], overlays: [] };

function network(m: number, guests: readonly number[], over: Partial<PortedNetwork> = {}): PortedNetwork {
  const ports = guests.map((n) => ({
    instanceId: instanceIdOf(n),
    hostname: `vm-${String(n)}`,
    index: 0,
    nic: nicOf(n, networkOf(m)),
  }));
  return { spec: networkOf(m), ports, isGateway: true, isBorrowed: false, served: servedBy(ports, undefined), ...over };
}

/** The rules of one chain, without its hook and without what counts drops: real frames prove that. */
function chain(text: string, name: string): readonly string[] {
  const body =
    new RegExp(`chain ${name} \\{\\n([^}]*(?:\\{[^}]*\\}[^}]*)*?)\\n  \\}`).exec(
      text.replace(/counter drop comment "[^"]*"/g, 'drop'),
    )?.[1] ?? '';
  return body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('type '));
}

describe('the rules of a host', () => {
  const text = ruleset([network(1, [1, 2]), network(2, [3])], options);

  it('replace our tables, and no others, in one transaction', () => {
    expect(text.match(/^(?:delete )?table .*$/gm)).toEqual([
      'table ip cairn {',
      'delete table ip cairn',
      'table ip6 cairn {',
      'delete table ip6 cairn',
      'table bridge cairn {',
      'delete table bridge cairn',
      'table ip cairn {',
      'table ip6 cairn {',
      'table bridge cairn {',
    ]);
    expect(text).not.toContain('flush');
  });

  it('lead each network to its own gateway for metadata, and out under the address of the host', () => {
    expect(chain(text, 'metadata')).toEqual([
      'iifname "brt1" ip daddr 169.254.169.254 tcp dport 80 dnat to 10.251.1.1:8776',
      'iifname "brt2" ip daddr 169.254.169.254 tcp dport 80 dnat to 10.251.2.1:8776',
    ]);
    expect(chain(text, 'egress')).toEqual([
      'ip saddr 10.251.1.0/24 oifname != "brt1" masquerade',
      'ip saddr 10.251.2.0/24 oifname != "brt2" masquerade',
    ]);
  });

  it('keep networks apart, and each gateway for its own network', () => {
    expect(text).toContain('elements = { "brt1", "brt2" }');
    expect(chain(text, 'isolation')).toContain('iifname "brt1" oifname != "brt1" oifname @bridges drop');
    expect(chain(text, 'gateways')).toContain('ip daddr 10.251.2.1 iifname != { "brt2", "lo" } drop');
  });

  it('let guests reach of the host its DHCP, DNS and metadata servers and ICMP only, and nothing by IPv6', () => {
    expect(chain(text, 'host')).toEqual([
      'iifname != @bridges accept',
      'ct state established,related accept',
      'meta l4proto icmp accept',
      'udp sport 68 udp dport 67 accept',
      'iifname "brt1" ip daddr 10.251.1.1 meta l4proto { tcp, udp } th dport 53 accept',
      'iifname "brt1" ip daddr 10.251.1.1 tcp dport 8776 accept',
      'iifname "brt2" ip daddr 10.251.2.1 meta l4proto { tcp, udp } th dport 53 accept',
      'iifname "brt2" ip daddr 10.251.2.1 tcp dport 8776 accept',
      'drop',
    ]);
    expect(chain(text.slice(text.lastIndexOf('table ip6')), 'host')).toEqual(['iifname @bridges drop']);
  });

  it('forward nothing of guests to what believes the host, but what is opened to them', () => {
    const [store, api] = [
      { address: '192.0.2.1', port: 2113 },
      { address: '192.0.2.1', port: 5000 },
    ];
    const rules = ruleset([network(1, [1])], { ...options, closed: [store, api], open: [api] });
    expect(chain(rules, 'isolation')).toEqual([
      'ct status dnat oifname @bridges drop',
      'ct status dnat ct direction reply iifname @bridges drop',
      'iifname "brt1" oifname != "brt1" oifname @bridges drop',
      'iifname @bridges udp dport 4789 drop',
      'iifname @bridges ip daddr 192.0.2.1 tcp dport 5000 accept',
      'iifname @bridges ip daddr 192.0.2.1 tcp dport 2113 drop',
      'iifname @bridges ip daddr 192.0.2.1 tcp dport 5000 drop',
    ]);
    expect(chain(rules, 'host').slice(-2)).toEqual([
      'iifname @bridges ip daddr 192.0.2.1 tcp dport 5000 accept',
      'drop',
    ]);
    expect(ruleset([], { ...options, closed: [store], open: [api] })).not.toContain('192.0.2.1');
  });

  it('lead nobody out, nor to metadata, on a host that is not the gateway', () => {
    const rules = ruleset([network(1, [1], { isGateway: false, served: [] })], options);
    for (const name of ['metadata', 'egress', 'gateways']) expect(chain(rules, name)).toEqual([]);
    expect(chain(rules, 'isolation')).toContain('iifname "brt1" oifname != "brt1" drop');
    expect(chain(rules, 'host').join()).not.toContain('10.251.1.1');
    expect(chain(rules, 'host').at(-1)).toBe('drop');
  });

  it('judge of what comes from the bridge of an administrator the guests alone', () => {
    const rules = ruleset([network(1, [1, 2], { isGateway: false, served: [], isBorrowed: true })], options);
    const guests = 'iifname "brt1" ip saddr { 10.251.1.2, 10.251.1.3 }';
    expect(rules).not.toContain('elements');
    expect(chain(rules, 'isolation')).toContain(`${guests} oifname != "brt1" oifname @bridges drop`);
    expect(chain(rules, 'host').slice(0, 4)).toEqual([
      `${guests} ct state established,related accept`,
      `${guests} meta l4proto icmp accept`,
      `${guests} drop`,
      'iifname != @bridges accept',
    ]);
  });

  it('keep the gateways of several hosts apart on the interface that joins them, unless there is but one', () => {
    const mac = bridgeMac(networkOf(1).networkId);
    const joined = (over: Partial<NetworkSpec>): string =>
      ruleset([network(1, [1], { spec: { ...networkOf(1), interface: 'eth1', ...over } })], options);
    expect(chain(joined({}), 'to_hosts')).toEqual([`oifname "eth1" ether saddr ${mac} drop`]);
    expect(chain(joined({}), 'from_hosts')).toEqual([
      `iifname "eth1" ether saddr ${mac} drop`,
      'iifname "eth1" ether type arp arp saddr ip 10.251.1.1 drop',
      'iifname "eth1" ether type arp arp daddr ip 10.251.1.1 drop',
      'iifname "eth1" ether type ip udp dport { 67, 68 } drop',
    ]);
    for (const gatewayHosts of ['one', 'none'] as const)
      for (const name of ['to_hosts', 'from_hosts']) expect(chain(joined({ gatewayHosts }), name)).toEqual([]);
  });

  it('judge each tap by its own addresses, and let nothing pass by default', () => {
    const tap = tapName(instanceIdOf(1), 0);
    expect(chain(text, 'from_taps').join()).toContain(`"${tap}" : jump ${tap}`);
    const rules = chain(text, tap);
    expect(rules[0]).toBe('ether saddr != fa:16:3e:01:00:01 drop');
    expect(rules).toContain('ether type ip ip saddr 10.251.1.2 accept');
    expect(rules.at(-1)).toBe('drop');
  });

  it('are gone, or none, without networks', () => {
    expect(emptyRuleset(options)).toBe(
      ['ip', 'ip6', 'bridge'].map((family) => `table ${family} cairn {\n}\ndelete table ${family} cairn\n`).join(''),
    );
    expect(ruleset([], options)).not.toMatch(/elements|vmap|drop|accept$/m);
  });
});
