import { originOf, TrustedProxies } from './forwarded';

const proxies = new TrustedProxies(['192.0.2.1', '198.51.100.0/24', '2001:db8:1::/48']);
const direct = { scheme: undefined, host: undefined };

describe('how a client reached the cloud', () => {
  it.each([
    ['192.0.2.1', true],
    ['::ffff:192.0.2.1', true],
    ['192.0.2.2', false],
    ['198.51.100.77', true],
    ['2001:db8:1:2::3', true],
    ['2001:db8:2::3', false],
    ['nonsense', false],
  ])('%s is a trusted proxy: %s', (address, trusted) => {
    expect(proxies.has(address)).toBe(trusted);
  });

  it('is what a trusted proxy says, and nobody else', () => {
    const headers = {
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'cloud:8443',
    };
    expect(originOf('192.0.2.1', headers, proxies)).toEqual({
      client: '203.0.113.9',
      scheme: 'https',
      host: 'cloud:8443',
    });
    expect(originOf('203.0.113.5', headers, proxies)).toEqual({ client: '203.0.113.5', ...direct });
    expect(originOf('192.0.2.1', {}, proxies)).toEqual({ client: '192.0.2.1', ...direct });
  });

  it('is the nearest that is no proxy: what a client wrote itself does not count', () => {
    const headers = { 'x-forwarded-for': '10.9.9.9, 203.0.113.9, 198.51.100.7' };
    expect(originOf('192.0.2.1', headers, proxies).client).toBe('203.0.113.9');
    const standard = {
      forwarded: 'for=10.9.9.9;proto=ftp;host=evil, for="[2001:db8:9::1]:4711";proto=https;host="cloud:443"',
    };
    expect(originOf('192.0.2.1', standard, proxies)).toEqual({
      client: '2001:db8:9::1',
      scheme: 'https',
      host: 'cloud:443',
    });
  });

  it('is unknown when both kinds of headers are there: a proxy writes one', () => {
    const both = { forwarded: 'for=10.9.9.9;host=evil', 'x-forwarded-for': '203.0.113.9' };
    expect(originOf('192.0.2.1', both, proxies)).toEqual({ client: '192.0.2.1', ...direct });
  });

  it.each([
    ['for=unknown', '192.0.2.1'],
    ['for=_hidden;proto=https', '192.0.2.1'],
    ['', '192.0.2.1'],
    [';;,,=', '192.0.2.1'],
    ['For=203.0.113.9:80', '203.0.113.9'],
  ])('by "%s" comes from %s', (forwarded, client) => {
    expect(originOf('192.0.2.1', { forwarded }, proxies).client).toBe(client);
  });

  it('names the port that a proxy says apart', () => {
    const headers = { 'x-forwarded-host': 'cloud', 'x-forwarded-port': '8443' };
    expect(originOf('192.0.2.1', headers, proxies).host).toBe('cloud:8443');
  });
});
