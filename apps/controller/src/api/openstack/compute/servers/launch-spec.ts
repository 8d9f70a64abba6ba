import type { Rights } from '../../../../policy';
import { isIP } from 'node:net';
import type { LaunchSpec } from '../../../../application/server/server-launch.command';
import { badRequest, invalidField } from '../shared/additional';
import { addressOrNone, booleanOf, decodeBase64, isUuid } from '../shared/validators';
import { askedDisks } from './block-devices';
import type { CreateServerBody, ServerBody } from './create-server.dto';
import { requireLaunchFields } from './launch-fields';
import { schedulerHints } from './scheduler-hints';

/** Clients also send the URL of an image or flavor. */
const idOf = (reference: string | number): string => String(reference).split('/').at(-1) ?? '';

/** Refuses what nova can and Cairn cannot yet, instead of doing something else than was asked. */
function requireBuilt(server: ServerBody): void {
  if (server.trusted_image_certificates !== undefined && server.trusted_image_certificates !== null)
    throw badRequest('trusted_image_certificates: signatures of images are not verified.');
}

function imageOf({ imageRef = '' }: ServerBody): string {
  const image = idOf(imageRef);
  if (!isUuid(image)) throw badRequest('Invalid imageRef provided.');
  return image.toLowerCase();
}

/** Devices need a right of their own, as in nova, whichever they are. */
function disksOf(server: ServerBody, rights: Rights): Pick<LaunchSpec, 'disks'> {
  const disks = askedDisks(server);
  if (disks === undefined) return {};
  rights.require('os_compute_api:servers:create:attach_volume');
  return { disks };
}

/** What stands in the guest's configuration drive besides its metadata. */
export const injectedOf = ({
  personality = [],
  adminPass,
}: Pick<ServerBody, 'personality' | 'adminPass'>): Pick<LaunchSpec, 'files' | 'adminPass'> => ({
  ...(personality.length === 0 ? {} : { files: personality.map(({ path, contents }) => ({ path, contents })) }),
  ...(adminPass === undefined ? {} : { adminPass }),
});

/** Up to 2.36 none named means all; from 2.37 on the caller must say, and may say `auto` or `none`. */
function networksOf({ networks }: ServerBody, minor: number): LaunchSpec['networks'] {
  if (networks === undefined) {
    if (minor >= 37) throw badRequest("Invalid input for field/attribute server. 'networks' is a required property");
    return 'all';
  }
  if (typeof networks === 'string') {
    if (minor < 37 || !['auto', 'none'].includes(networks)) throw invalidField('networks', networks, 'is not valid');
    return networks === 'auto' ? 'all' : [];
  }
  if (networks.length === 0) return 'all';
  return networks.map(({ uuid, fixed_ip: address, port, tag }) => {
    if (port !== undefined && port !== null)
      throw badRequest('networks: ports are not supported; name a network by uuid.');
    if (uuid === undefined) throw badRequest("Bad networks format: network uuid is not in proper format ('None')");
    if (address !== undefined && isIP(address) !== 4) throw badRequest(`Invalid fixed IP address (${address})`);
    const tagged = tag === undefined ? {} : { tag };
    return { networkId: uuid.toLowerCase(), address: address ?? null, ...tagged };
  });
}

/** `zone`, or for administrators `zone:host`, which the scheduler then does not choose itself. */
function placeOf(zone: string | undefined, rights: Rights): Pick<LaunchSpec, 'availabilityZone' | 'forcedHost'> {
  if (zone === undefined) return { availabilityZone: null, forcedHost: null };
  const [name = '', host, node, ...rest] = zone.split(':');
  const availabilityZone = name === '' ? null : name;
  if (host === undefined) return { availabilityZone, forcedHost: null };
  if (rest.length > 0) throw badRequest('Unable to parse availability_zone: it is zone, zone:host or zone:host:node.');
  rights.require('os_compute_api:servers:create:forced_host');
  const forcedHost = host === '' ? (node ?? '') : host;
  return { availabilityZone, forcedHost: forcedHost === '' ? null : forcedHost };
}

/** Where an administrator wants the server, from 2.74 on: the scheduler refuses if it does not fit there. */
function destinationOf(
  { host, hypervisor_hostname: hypervisor, availability_zone: zone }: ServerBody,
  rights: Rights,
): Pick<LaunchSpec, 'requestedHost' | 'requestedHypervisor'> {
  if (host === undefined && hypervisor === undefined) return {};
  rights.require('os_compute_api:servers:create:requested_destination');
  if (zone?.includes(':') === true)
    throw badRequest("host and hypervisor_hostname exclude an availability_zone that names a host ('zone:host:node').");
  return {
    ...(host === undefined ? {} : { requestedHost: host }),
    ...(hypervisor === undefined ? {} : { requestedHypervisor: hypervisor }),
  };
}

function countsOf({ min_count: min, max_count: max }: ServerBody): Pick<LaunchSpec, 'minCount' | 'maxCount'> {
  const minCount = Number(min ?? 1);
  const maxCount = Number(max ?? minCount);
  if (minCount > maxCount) throw badRequest('min_count must be <= max_count');
  return { minCount, maxCount };
}

/** Each named once; who names none gets `default`. */
function groupsOf({ security_groups: groups = [] }: ServerBody): readonly string[] {
  const names = new Set(groups.map(({ name }) => name).filter((name) => name !== undefined));
  return names.size === 0 ? ['default'] : [...names];
}

const tagsOf = ({ tags = [] }: ServerBody): Pick<LaunchSpec, 'tags'> =>
  tags.length === 0 ? {} : { tags: [...new Set(tags)] };

function hostnameOf({ hostname, max_count: max, min_count: min }: ServerBody): Pick<LaunchSpec, 'hostname'> {
  if (hostname === undefined) return {};
  if (Number(max ?? min ?? 1) > 1) throw badRequest('Unable to allocate a single hostname to multiple instances');
  return { hostname };
}

/** The access addresses that a body names; null for one that it takes away. */
export const accessAddresses = ({
  accessIPv4,
  accessIPv6,
}: Pick<ServerBody, 'accessIPv4' | 'accessIPv6'>): Pick<LaunchSpec, 'accessIpV4' | 'accessIpV6'> => ({
  ...(accessIPv4 === undefined ? {} : { accessIpV4: addressOrNone(accessIPv4) }),
  ...(accessIPv6 === undefined ? {} : { accessIpV6: addressOrNone(accessIPv6) }),
});

/** What a body of `POST /servers` asks for. @throws HttpProblem 400 for what cannot be asked, 403 for what may not. */
export function launchSpec(body: CreateServerBody, minor: number, rights: Rights): LaunchSpec {
  const { server } = body;
  requireLaunchFields(minor, server);
  requireBuilt(server);
  const disks = disksOf(server, rights);
  const networks = networksOf(server, minor);
  const { user_data: userData } = server;
  return {
    ...countsOf(server),
    ...placeOf(server.availability_zone, rights),
    ...destinationOf(server, rights),
    ...schedulerHints(body),
    name: server.name,
    description: server.description ?? null,
    flavorId: idOf(server.flavorRef),
    imageId: imageOf(server),
    keyName: server.key_name ?? null,
    metadata: server.metadata ?? {},
    ...tagsOf(server),
    ...hostnameOf(server),
    userData: userData === undefined || userData === '' ? null : (decodeBase64(userData) ?? null),
    ...(booleanOf(server.config_drive) === true ? { configDrive: true } : {}),
    ...injectedOf(server),
    ...disks,
    networks,
    securityGroups: groupsOf(server),
    autoDiskConfig: (server['OS-DCF:diskConfig'] ?? 'AUTO') === 'AUTO',
    ...accessAddresses(server),
  };
}
