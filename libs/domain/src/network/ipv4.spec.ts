import fc from 'fast-check';
import { formatIpv4, parseCidr, parseIpv4 } from './ipv4';

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
