import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { eui64, formatIpv6, linkLocal, parseCidrV6, parseIpv6, refusalV6 } from './ipv6';

describe('an IPv6 address', () => {
  it.each([
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8:0:0::0007', '2001:db8::7'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['fd00:10:0:10::10', 'fd00:10:0:10::10'],
  ])('%s is written %s (RFC 5952)', (given, shortest) => {
    expect(formatIpv6(parseIpv6(given) ?? -1n)).toBe(shortest);
  });

  it.each(['', ':', ':::', '1', '1::2::3', 'g::', '12345::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', 'fe80::1%eth0'])(
    'is not %j',
    (text) => {
      expect(parseIpv6(text)).toBeUndefined();
    },
  );

  it('is read as what was written, whatever it is, in a form that others read', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 0, 1, 0xffff, 0x0abc), { minLength: 8, maxLength: 8 }), (groups) => {
        const n = groups.reduce((sum, group) => sum * 65_536n + BigInt(group), 0n);
        const text = formatIpv6(n);
        expect([isIPv6(text), parseIpv6(text)]).toEqual([true, n]);
        expect(text).toBe(new URL(`http://[${text}]`).hostname.slice(1, -1));
      }),
    );
  });

  it('of a card follows from its hardware address (RFC 4291, appendix A)', () => {
    const base = parseIpv6('2001:db8::') ?? 0n;
    expect(eui64(base, 'fa:16:3e:00:00:01')).toBe('2001:db8::f816:3eff:fe00:1');
    expect(linkLocal('02:00:5e:10:00:00')).toBe('fe80::5eff:fe10:0');
  });
});

describe('an IPv6 network', () => {
  it.each(['fd00::/64', '2001:db8:1::/64'])('%s is for guests', (text) => {
    const cidr = parseCidrV6(text);
    expect(cidr && [refusalV6(cidr)]).toEqual([undefined]);
  });

  it.each(['ff02::/64', 'fe80::/64', '::/64', 'fd00::/48', 'fd00::/96', '100::/64', '4000::/64'])(
    '%s is not for guests',
    (text) => {
      const cidr = parseCidrV6(text);
      expect(cidr && refusalV6(cidr)).toEqual(expect.any(String));
    },
  );

  it.each(['fd00::1/64', 'fd00::', 'fd00::/129', 'fd00::/064', 'fd00::/64/64', '10.0.0.0/24'])('is not %s', (text) => {
    expect(parseCidrV6(text)).toBeUndefined();
  });
});
