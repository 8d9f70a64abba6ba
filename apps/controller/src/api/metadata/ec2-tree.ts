import type { NamedDisk } from '@cairn/domain';
import { imageEc2Id, instanceEc2Id } from './ec2-ids';
import type { Guest } from '../../application/server/guest';
import { folder, type Folder, type Node } from './tree';
import { includes } from './versions';

/** The tree of one version: `meta-data/` and, where there is one, `user-data`. */
export function ec2Tree(guest: Guest, version: string): Folder {
  return folder({
    'meta-data': metaData(guest, version),
    ...(guest.userData === null ? {} : { 'user-data': guest.userData }),
  });
}

function metaData(guest: Guest, version: string): Folder {
  const since = (first: string, entries: Record<string, Node>): Record<string, Node> =>
    includes(version, first) ? entries : {};
  return folder({
    'ami-id': imageEc2Id('ami', guest.imageId),
    'ami-launch-index': String(guest.launchIndex),
    'ami-manifest-path': 'FIXME', // nova's own word: images have no manifest
    hostname: guest.hostname,
    'instance-id': instanceEc2Id(guest.number),
    'local-ipv4': guest.nics[0]?.address ?? '',
    'reservation-id': guest.reservationId,
    'security-groups': guest.securityGroups,
    ...publicKeys(guest),
    ...since('2007-01-19', {
      'local-hostname': guest.hostname,
      'public-hostname': guest.hostname,
      'public-ipv4': '',
    }),
    ...since('2007-08-29', { 'instance-type': guest.flavorName }),
    ...since('2007-12-15', {
      'block-device-mapping': blockDevices(guest),
      ...(guest.kernelId === null ? {} : { 'kernel-id': imageEc2Id('aki', guest.kernelId) }),
      ...(guest.ramdiskId === null ? {} : { 'ramdisk-id': imageEc2Id('ari', guest.ramdiskId) }),
    }),
    ...since('2008-02-01', { placement: folder({ 'availability-zone': guest.availabilityZone }) }),
    ...since('2008-09-01', { 'instance-action': 'none' }),
  });
}

/** Named by its place, not by its key: `0=mykey`, below which is `openssh-key`. */
function publicKeys({ key }: Guest): Record<string, Node> {
  if (key === null) return {};
  return { 'public-keys': folder({ '0': folder({ 'openssh-key': key.publicKey }, `0=${key.name}`) }) };
}

/** nova's names: `ephemeral0` … and `swap` for what their disks are called. */
function blockDevices({ disks }: Guest): Folder {
  const named = (role: NamedDisk['role']): readonly string[] =>
    disks.filter((disk) => disk.role === role).map(({ device }) => device);
  const [root = ''] = named('root');
  const [swap] = named('swap');
  return folder({
    ami: root,
    root: `/dev/${root}`,
    ...Object.fromEntries(named('ephemeral').map((device, i) => [`ephemeral${String(i)}`, `/dev/${device}`])),
    ...(swap === undefined ? {} : { swap: `/dev/${swap}` }),
  });
}
