import { MAX_MICROVERSION, negotiate, versionHeaders } from './microversion';

describe('microversion', () => {
  it('is the oldest when nobody asks', () => {
    expect(negotiate({})).toEqual({ kind: 'version', minor: 1 });
    expect(negotiate({ 'openstack-api-version': 'identity 3.4' })).toEqual({ kind: 'version', minor: 1 });
  });

  it('is read from either header, the general one first', () => {
    expect(negotiate({ 'x-openstack-nova-api-version': '2.19' })).toEqual({ kind: 'version', minor: 19 });
    expect(negotiate({ 'openstack-api-version': 'identity 3.4, Compute 2.26' })).toEqual({
      kind: 'version',
      minor: 26,
    });
    const both = { 'openstack-api-version': 'compute 2.3', 'x-openstack-nova-api-version': '2.9' };
    expect(negotiate(both)).toEqual({ kind: 'version', minor: 3 });
  });

  it('is the newest for latest', () => {
    expect(negotiate({ 'openstack-api-version': 'compute latest' })).toEqual({
      kind: 'version',
      minor: MAX_MICROVERSION,
    });
  });

  it.each(['2.94', '2.0', '1.1', '3.1', '2.999999999'])('refuses %s as not supported', (version) => {
    expect(negotiate({ 'x-openstack-nova-api-version': version })).toMatchObject({ kind: 'unsupported', status: 406 });
  });

  it.each(['', '2', '2.x', '2.01', 'newest', '2.1 2.2'])('refuses "%s" as malformed', (version) => {
    expect(negotiate({ 'openstack-api-version': `compute ${version}` })).toMatchObject({
      kind: 'malformed',
      status: 400,
    });
  });

  it('is repeated in both headers of the answer', () => {
    expect(versionHeaders(38)).toEqual({
      'openstack-api-version': 'compute 2.38',
      'x-openstack-nova-api-version': '2.38',
      vary: 'OpenStack-API-Version, X-OpenStack-Nova-API-Version',
    });
  });
});
