import { instanceRef } from '../instance/quota';
import { networkSpec, uuid } from '../testing/examples';
import { after, specOf } from '../testing/given';
import { eui64, formatIpv6, network, type NetworkCommand, type NetworkEvent, parseIpv6 } from './index';

const given = specOf(network);
const create = (changes: Partial<Extract<NetworkCommand, { type: 'CreateNetwork' }>['data']>): NetworkCommand => ({
  type: 'CreateNetwork',
  data: { ...networkSpec, rangeStart: null, rangeEnd: null, ...changes },
});
const allocate: NetworkCommand = {
  type: 'AllocateAddress',
  data: { claimId: uuid(1), owner: instanceRef(uuid(101)), address: null, notAfter: after(60) },
};

describe('a network with IPv6 addresses', () => {
  const ipv6 = { cidr: 'fd00:0:0:a::/64', gateway: 'fd00:0:0:a::1', dns: [] };
  const made: NetworkEvent = {
    type: 'network.created.v1',
    data: { ...networkSpec, ipv6, rangeStart: '10.0.0.2', rangeEnd: '10.0.0.254' },
  };

  it('is named by the shortest texts of its addresses', () => {
    given()
      .when(create({ ipv6: { cidr: 'FD00::a:0:0:0:0/64', gateway: 'fd00:0:0:00A::1', dns: ['FD00::53'] } }))
      .then({ ...made, data: { ...made.data, ipv6: { ...ipv6, dns: ['fd00::53'] } } });
  });

  it.each([
    [{ ipv6: { ...ipv6, cidr: 'fd00::a/64' } }, 'cidr_v6'],
    [{ ipv6: { ...ipv6, cidr: 'fd00::/56' } }, 'cidr_v6'],
    [{ ipv6: { ...ipv6, cidr: 'ff05::/64' } }, 'cidr_v6'],
    [{ ipv6: { ...ipv6, cidr: '10.0.0.0/24' } }, 'cidr_v6'],
    [{ ipv6: { ...ipv6, gateway: 'fd00:0:0:a::' } }, 'gateway_v6'],
    [{ ipv6: { ...ipv6, gateway: 'fd00:0:0:b::1' } }, 'gateway_v6'],
    [{ ipv6: { ...ipv6, dns: ['9.9.9.9'] } }, 'dns_v6'],
    [{ ipv6, mtu: 1_279 }, 'mtu'],
  ])('is refused where guests could not use it: %j', (changes, field) => {
    const refusal = given().when(create(changes)).thenRefuses('network.invalid');
    expect(refusal.details).toEqual({ field });
  });

  it('gives each claim the address that its MAC makes, and nobody the gateway', () => {
    const one = given(made).when(allocate);
    const claim = one.state.claims.get(uuid(1));
    const bytes = (claim?.mac ?? '').split(':');
    const [a, b, c] = [bytes[3], bytes[4], bytes[5]].map((byte) => byte ?? '');
    expect(claim?.addressV6).toBe(eui64(parseIpv6('fd00:0:0:a::') ?? 0n, claim?.mac ?? ''));
    const own = formatIpv6(parseIpv6(`fd00:0:0:a:f816:3eff:fe${String(a)}:${String(b)}${String(c)}`) ?? 0n);
    expect(claim?.addressV6).toBe(own);
    const clashing: NetworkEvent = { ...made, data: { ...made.data, ipv6: { ...ipv6, gateway: own } } };
    const other = given(clashing).when(allocate).state.claims.get(uuid(1));
    expect([other?.mac === claim?.mac, other?.addressV6 === own]).toEqual([false, false]);
  });
});
