import fc from 'fast-check';
import { formatIpv4, parseCidr, parseIpv4, reservedFor } from './ipv4';

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('an IPv4 address', () => {
  it('is a number and has one text', () => {
    fc.assert(
      fc.property(word, (n) => {
        expect(parseIpv4(formatIpv4(n))).toBe(n);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('0', '1', '2', '5', '9', '.') }), (text) => {
        const n = parseIpv4(text);
        if (n !== undefined) expect(formatIpv4(n)).toBe(text);
      }),
    );
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.0.0.1',
    '01.2.3.4',
    '1.2.3.04',
    ' 1.2.3.4',
    '1.2.3.4\n',
    'a.b.c.d',
    '1..2.3',
  ])('is not %j', (text) => {
    expect(parseIpv4(text)).toBeUndefined();
  });
});

describe('an IPv4 network for guests', () => {
  const reserved = (text: string): string | undefined =>
    reservedFor(parseCidr(text) ?? { base: 0, prefix: 0, broadcast: 0 });

  it.each(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '203.0.113.0/24', '198.18.0.0/15'])(
    'may be %s',
    (text) => {
      expect(reserved(text)).toBeUndefined();
    },
  );

  it.each([
    ['127.0.0.0/8', /loopback/],
    ['127.1.2.0/24', /loopback/],
    ['0.0.0.0/0', /./],
    ['0.0.0.0/8', /do not know/],
    ['169.254.0.0/16', /link-local/],
    ['169.254.169.0/24', /link-local/],
    ['224.0.0.0/4', /multicast/],
    ['239.1.0.0/16', /multicast/],
    ['240.0.0.0/4', /reserved/],
    ['255.255.255.0/24', /reserved/],
    ['192.0.0.0/24', /protocols/],
    ['168.0.0.0/6', /link-local/],
  ])('is not %s', (text, purpose) => {
    expect(reserved(text)).toMatch(purpose);
  });
});

describe('an IPv4 network', () => {
  it('has a base, a length and a broadcast address', () => {
    expect(parseCidr('10.0.0.0/24')).toEqual({ base: 0x0a000000, prefix: 24, broadcast: 0x0a0000ff });
    expect(parseCidr('0.0.0.0/0')).toEqual({ base: 0, prefix: 0, broadcast: 2 ** 32 - 1 });
    expect(parseCidr('255.255.255.255/32')).toEqual({ base: 2 ** 32 - 1, prefix: 32, broadcast: 2 ** 32 - 1 });
  });

  it.each([
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/2/4',
    '10.0.0.1/24',
    'x/24',
    '10.0.0.0/-1',
  ])('is not %j', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
});
