import { interfacesFile } from '@cairn/domain';
import type { DriveGuest, Guest } from '../../application/server/guest';
import { taggedDevices } from './tagged-devices';
import { networkData } from './network-data';
import { includes } from './versions';

/** A file of the OpenStack tree. */
export interface MetadataFile {
  readonly name: string;
  readonly contentType: string;
  readonly body: Buffer;
}

const TEXT = 'text/plain; charset=UTF-8';
const JSON_TYPE = 'application/json';

interface Described {
  readonly name: string;
  readonly since: string;
  readonly contentType: string;
  /** Null where this guest has no such file. @param seed 512 random bytes, fresh for each request. */
  body(guest: Guest, version: string, seed: () => Buffer): Buffer | null;
}

const asJson = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const PASSWORD = 'password';

/** In the order in which nova lists them. network_data.json is sent as text there, so it is here. */
const FILES: readonly Described[] = [
  {
    name: 'meta_data.json',
    since: '2012-08-10',
    contentType: JSON_TYPE,
    body: (guest, version, seed) => asJson(metaData(guest, version, seed)),
  },
  { name: 'user_data', since: '2012-08-10', contentType: TEXT, body: ({ userData }) => userData },
  { name: PASSWORD, since: '2013-04-04', contentType: TEXT, body: ({ password }) => Buffer.from(password ?? '') },
  { name: 'vendor_data.json', since: '2013-10-17', contentType: JSON_TYPE, body: () => asJson({}) },
  { name: 'network_data.json', since: '2015-10-15', contentType: TEXT, body: (guest) => asJson(networkData(guest)) },
  { name: 'vendor_data2.json', since: '2016-10-06', contentType: JSON_TYPE, body: () => asJson({ static: {} }) },
];

export const SEED_BYTES = 512;

/** The files that a guest sees in a version, in listing order. */
export const openstackFiles = (guest: Guest, version: string): readonly string[] =>
  FILES.filter(({ name, since }) => includes(version, since) && (name !== 'user_data' || guest.userData !== null)).map(
    ({ name }) => name,
  );

/** Whether a path names the file that guests may post to, in a version that has it. */
export const isPasswordFile = (version: string, name: string): boolean =>
  name === PASSWORD && FILES.some((file) => file.name === name && includes(version, file.since));

/** One file; undefined where the version or the guest has none of that name. */
export function openstackFile(
  guest: Guest,
  version: string,
  name: string,
  seed: () => Buffer,
): MetadataFile | undefined {
  const file = FILES.find((each) => each.name === name && includes(version, each.since));
  const body = file?.body(guest, version, seed) ?? null;
  return file === undefined || body === null ? undefined : { name, contentType: file.contentType, body };
}

/** The contents of injected files have numbers for names, below the tree of all versions. */
export const CONTENT = 'content';
const numberOf = (index: number): string => String(index).padStart(4, '0');
const contentPath = (index: number): string => `/${CONTENT}/${numberOf(index)}`;

/** Injected files by their numbers, then the file by which a guest gets addresses that no DHCP server gives it. */
export function contents({ files, nics }: Guest): ReadonlyMap<string, Buffer> {
  const addresses = interfacesFile(nics);
  const all = files.map((file) => Buffer.from(file.contents, 'base64'));
  return new Map(
    [...all, ...(addresses === null ? [] : [Buffer.from(addresses)])].map((body, i) => [numberOf(i), body]),
  );
}

/** meta_data.json; `keys` is nova's of all versions, kept out of the first, which the guides show to the letter. */
function metaData(guest: Guest | DriveGuest, version: string, seed: () => Buffer): Record<string, unknown> {
  const { key, metadata, files } = guest;
  const isInjected = interfacesFile(guest.nics) !== null;
  const has = (first: string): boolean => includes(version, first);
  return {
    uuid: guest.instanceId,
    ...(Object.keys(metadata).length === 0 ? {} : { meta: metadata }),
    ...(files.length === 0 ? {} : { files: files.map(({ path }, i) => ({ path, content_path: contentPath(i) })) }),
    ...(isInjected ? { network_config: { name: 'network_config', content_path: contentPath(files.length) } } : {}),
    ...('adminPass' in guest && guest.adminPass !== null ? { admin_pass: guest.adminPass } : {}),
    ...(key === null ? {} : { public_keys: { [key.name]: key.publicKey } }),
    ...(key !== null && has('2013-04-04') ? { keys: [{ name: key.name, type: 'ssh', data: key.publicKey }] } : {}),
    hostname: guest.hostname,
    name: guest.name,
    launch_index: guest.launchIndex,
    availability_zone: guest.availabilityZone,
    ...(has('2013-04-04') ? { random_seed: seed().toString('base64') } : {}),
    ...(has('2015-10-15') ? { project_id: guest.projectId } : {}),
    ...(has('2016-06-30') ? { devices: taggedDevices(guest, has('2018-08-27')) } : {}),
    ...(has('2020-10-14') ? { dedicated_cpus: [] } : {}),
  };
}
