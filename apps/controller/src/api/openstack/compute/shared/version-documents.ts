import { MAX_MICROVERSION, MIN_MICROVERSION } from './microversion';

/** nova's version documents (26.1), with Cairn's own range of microversions. */
interface Version {
  readonly id: 'v2.0' | 'v2.1';
  readonly path: string;
  readonly status: 'CURRENT' | 'SUPPORTED';
  readonly version: string;
  readonly minVersion: string;
  readonly updated: string;
  readonly mediaType: string;
}

const V2_0: Version = {
  id: 'v2.0',
  path: '/v2/',
  status: 'SUPPORTED',
  version: '',
  minVersion: '',
  updated: '2011-01-21T11:33:21Z',
  mediaType: 'application/vnd.openstack.compute+json;version=2',
};

const V2_1: Version = {
  id: 'v2.1',
  path: '/v2.1/',
  status: 'CURRENT',
  version: `2.${String(MAX_MICROVERSION)}`,
  minVersion: `2.${String(MIN_MICROVERSION)}`,
  updated: '2013-07-23T11:33:21Z',
  mediaType: 'application/vnd.openstack.compute+json;version=2.1',
};

const summary = (
  { id, path, status, version, minVersion, updated }: Version,
  base: string,
): Record<string, unknown> => ({
  id,
  links: [{ rel: 'self', href: `${base}${path}` }],
  status,
  version,
  min_version: minVersion,
  updated,
});

/** `GET /`. */
export const versionList = (base: string): unknown => ({ versions: [V2_0, V2_1].map((v) => summary(v, base)) });

/** `GET /v2/` and `GET /v2.1/`. */
export function versionDocument(id: 'v2.0' | 'v2.1', base: string): unknown {
  const version = id === 'v2.0' ? V2_0 : V2_1;
  const describedBy = { rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' };
  return {
    version: {
      ...summary(version, base),
      links: [{ rel: 'self', href: `${base}${version.path}` }, describedBy],
      'media-types': [{ base: 'application/json', type: version.mediaType }],
    },
  };
}
