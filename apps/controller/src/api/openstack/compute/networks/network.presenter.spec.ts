import { networkRow } from '../testing/rows';
import { shapeDifferences } from '../testing/shapes';
import { presentNetwork, presentTenantNetwork } from './network.presenter';

const OWN = { onlyType: ['id', 'bridge', 'label', 'created_at'] };

describe('a network', () => {
  it('is shown to an administrator as nova shows it', () => {
    const network = presentNetwork(networkRow(), true);
    const known = [
      // nova's template was made on a cloud where these have values that flat networks lack
      /bridge_interface|host|mtu|project_id|updated_at|vlan|vpn_/,
    ];
    const differences = shapeDifferences({ network }, 'os-networks', 'network-show-resp', OWN);
    expect(differences.filter((line) => !known.some((re) => re.test(line)))).toEqual([]);
    expect(differences.filter((line) => /missing|not in nova/.test(line))).toEqual([]);
  });

  it('tells tenants nothing about the hosts', () => {
    expect(presentNetwork(networkRow(), false)).toEqual({
      id: networkRow().id,
      label: 'private',
      cidr: '10.0.0.0/24',
      netmask: '255.255.255.0',
      gateway: '10.0.0.1',
      broadcast: '10.0.0.255',
      dns1: '9.9.9.9',
      dns2: null,
      cidr_v6: null,
      gateway_v6: null,
      netmask_v6: null,
    });
  });

  it('shows its IPv6 addresses as nova does', () => {
    const ipv6 = { cidr: 'fd00:0:0:7::/64', gateway: 'fd00:0:0:7::1', dns: [] };
    expect(presentNetwork(networkRow({ ipv6 }), false)).toMatchObject({
      cidr_v6: 'fd00:0:0:7::/64',
      gateway_v6: 'fd00:0:0:7::1',
      netmask_v6: 'ffff:ffff:ffff:ffff::',
    });
  });

  it('is short for tenants', () => {
    const networks = [presentTenantNetwork(networkRow())];
    expect(shapeDifferences({ networks }, 'os-tenant-networks', 'networks-list-res', OWN)).toEqual([]);
  });
});
