import { posix } from 'node:path';

import type { Instant } from '@cairn/domain';

import { ec2Tree } from './ec2-tree';
import type { Guest } from '../../application/server/guest';
import { CONTENT, contents, isPasswordFile, openstackFile, openstackFiles } from './openstack-tree';
import { nodeAt, render } from './tree';
import { EC2_VERSIONS, isVersion, LATEST, OPENSTACK_VERSIONS } from './versions';

/** An answer of the metadata service. */
export interface MetadataDocument {
  readonly contentType: string;
  readonly body: Buffer;
}

/** What a document may depend on besides the guest. */
export interface Surroundings {
  readonly now: Instant;
  /** Random bytes for `random_seed`, drawn only when they are shown. */
  readonly seed: () => Buffer;
}

const text = (body: string | Buffer): MetadataDocument => ({
  contentType: 'text/plain; charset=UTF-8',
  body: typeof body === 'string' ? Buffer.from(body) : body,
});

/** The answer to `/`, the same for everyone: nothing is looked up for it. */
export const ec2VersionList = (): MetadataDocument => text([...EC2_VERSIONS, LATEST].join('\n'));

/**
 * The names along a path: `.`, `..` and `//` resolved as in a file system; a first name that is neither `ec2` nor
 * `openstack` is looked for below `ec2`. An empty path is `/`.
 */
export function metadataPath(path: string): readonly string[] {
  const names = posix
    .normalize(`/${path}`)
    .split('/')
    .filter((name) => name !== '');
  const [first] = names;
  if (first === undefined) return [];
  return first === 'ec2' || first === 'openstack' ? names : ['ec2', ...names];
}

/** Whether it is the path of the file that guests may post to. */
export const isPasswordPath = ([tree, version = '', name = '', ...deeper]: readonly string[]): boolean =>
  tree === 'openstack' &&
  isVersion(OPENSTACK_VERSIONS, version) &&
  deeper.length === 0 &&
  isPasswordFile(version, name);

/** What stands at a path (as `metadataPath` gives it) for this guest; undefined for 404. */
export function metadataDocument(
  guest: Guest,
  path: readonly string[],
  surroundings: Surroundings,
): MetadataDocument | undefined {
  const [tree, version, ...rest] = path;
  if (version === undefined) return tree === 'openstack' ? openstackVersionList(surroundings.now) : ec2VersionList();
  if (tree === 'openstack') return openstackDocument(guest, version, rest, surroundings);
  if (!isVersion(EC2_VERSIONS, version)) return undefined;
  const node = nodeAt(ec2Tree(guest, version), rest);
  return node === undefined ? undefined : text(render(node));
}

/** Versions of days to come are served to those who ask, but not listed. */
const openstackVersionList = (now: Instant): MetadataDocument =>
  text([...OPENSTACK_VERSIONS.filter((version) => version <= now.slice(0, 10)), LATEST].join('\n'));

function openstackDocument(
  guest: Guest,
  version: string,
  [name, ...deeper]: readonly string[],
  { seed }: Surroundings,
): MetadataDocument | undefined {
  if (version === CONTENT && name !== undefined && deeper.length === 0) {
    const body = contents(guest).get(name);
    return body === undefined ? undefined : text(body);
  }
  if (!isVersion(OPENSTACK_VERSIONS, version)) return undefined;
  if (name === undefined) return text(openstackFiles(guest, version).join('\n'));
  return deeper.length > 0 ? undefined : openstackFile(guest, version, name, seed);
}
