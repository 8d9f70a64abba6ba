import { forwardedHeaders, guestPath, peerAddress } from './guest-request';

describe('guestPath', () => {
  it.each([
    '/',
    '/latest/meta-data/',
    '/openstack/latest/meta_data.json',
    '/2009-04-04/user-data?x=..',
    '/a%20b',
    '/a//b',
    '/100%2525',
  ])('lets %s through as it is', (path) => {
    expect(guestPath(path)).toBe(path);
  });

  it('takes the path out of the form that proxies send', () => {
    expect(guestPath('http://169.254.169.254/latest')).toBe('/latest');
    expect(guestPath('http://169.254.169.254')).toBe('/');
  });

  it.each([
    '/../images/x',
    '/latest/../../images/x',
    '/%2e%2e/images/x',
    '/%252e%252e/images/x',
    '/.%2E/images',
    '/latest/./x',
    '/a%2f..%2fb',
    '/a\\..\\b',
    '/a%5c..',
    '/%zz',
    `/%${'25'.repeat(8_000)}2e%${'25'.repeat(8_000)}2e`,
    '*',
    'images/x',
    'https://evil/x',
    undefined,
  ])('stops %s, which could lead out of the metadata tree', (path) => {
    expect(guestPath(path)).toBeUndefined();
  });
});

it('forwards what metadata clients need, and nothing that identifies', () => {
  expect(
    forwardedHeaders({
      accept: '*/*',
      host: '169.254.169.254',
      authorization: 'Bearer stolen',
      'x-forwarded-for': '10.0.0.9',
      'x-cairn-network': 'other',
      'x-cairn-host': 'other',
      'x-instance-id': 'other',
      'x-aws-ec2-metadata-token': 't',
    }),
  ).toEqual({ accept: '*/*', 'x-aws-ec2-metadata-token': 't' });
});

it('knows a peer by its IPv4 address', () => {
  expect(['::ffff:10.0.0.2', '10.0.0.2', undefined].map(peerAddress)).toEqual(['10.0.0.2', '10.0.0.2', '']);
});
