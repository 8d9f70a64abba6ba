import { parseConfig } from '../../config';
import { publicUrl } from './public-url';
import { setOrigin } from './request-origin';

const reached = (headers: object, forwarded: object = {}): never => {
  const request = { headers };
  setOrigin(request as never, { client: '192.0.2.9', scheme: undefined, host: undefined, ...forwarded });
  return request as never;
};
const config = (more: object = {}) => parseConfig({ stateDir: '/tmp/x', ...more });

describe('the URL of a service', () => {
  it('is the one by which the client came; other services have their own ports', () => {
    const request = reached({ host: 'cloud:15000' });
    expect(publicUrl(config(), request, 'identity')).toBe('http://cloud:15000');
    expect(publicUrl(config(), request, 'compute', false)).toBe('http://cloud:8774');
    expect(publicUrl(config(), request, 'image', false)).toBe('http://cloud:9292');
    expect(publicUrl(config(), reached({ host: '[2001:db8::1]' }), 'identity')).toBe('http://[2001:db8::1]:5000');
  });

  it.each(['a"><script>', '', undefined, '[evil]:1', 'a:b:c'])('is the bound address when the header is %s', (host) => {
    expect(publicUrl(config({ bindHost: '::1' }), reached({ host }), 'identity')).toBe('http://[::1]:5000');
  });

  it('has the host that the operator names, at its own port', () => {
    const named = config({ publicHost: 'cloud.example.org' });
    expect(publicUrl(named, reached({ host: 'x:1' }), 'compute')).toBe('http://cloud.example.org:8774');
  });

  it('is the endpoint that the operator names, whatever else is said', () => {
    const named = config({ publicHost: 'a', publicEndpoints: { compute: 'https://cloud.example.org/compute' } });
    const request = reached({ host: 'x' }, { scheme: 'http', host: 'evil' });
    expect(publicUrl(named, request, 'compute')).toBe('https://cloud.example.org/compute');
    expect(publicUrl(named, request, 'image')).toBe('http://a:9292');
  });

  it('is what a trusted proxy forwards', () => {
    const request = reached({ host: '127.0.0.1:8774' }, { scheme: 'https', host: 'cloud.example.org' });
    expect(publicUrl(config(), request, 'compute')).toBe('https://cloud.example.org');
    expect(publicUrl(config(), request, 'image', false)).toBe('https://cloud.example.org:9292');
    const withPort = reached({ host: 'x' }, { scheme: 'https', host: 'cloud.example.org:8774' });
    expect(publicUrl(config(), withPort, 'compute')).toBe('https://cloud.example.org:8774');
  });

  it.each([
    [{ publicEndpoints: { image: 'https://cloud/' } }, /image/],
    [{ publicEndpoints: { image: 'ftp://cloud' } }, /image/],
    [{ publicEndpoints: { images: 'https://cloud' } }, /images/],
    [{ trustedProxies: ['10.0.0.0/33'] }, /trustedProxies/],
    [{ trustedProxies: ['proxy.example.org'] }, /trustedProxies/],
    [{ trustedProxies: ['10.0.0.1/8/1'] }, /trustedProxies/],
  ])('cannot be configured as %j', (wrong, named) => {
    expect(() => config(wrong)).toThrow(named);
  });
});
