import type { DriveGuest } from '../../application/server/guest';
import { ec2Tree } from './ec2-tree';
import { CONTENT, contents, isPasswordFile, openstackFile, openstackFiles } from './openstack-tree';
import { asJson, nodeAt } from './tree';
import { LATEST, OPENSTACK_VERSIONS } from './versions';

/** Those that nova writes (`config_drive_skip_versions` has the others). */
const EC2_ON_DRIVE = ['2009-04-04', LATEST];

/**
 * The files of a guest's configuration drive: the documents of the metadata service, all versions of them, with the
 * contents of injected files.
 * @param seed random bytes, fresh for each document.
 */
export function driveFiles(guest: DriveGuest, seed: () => Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const version of EC2_ON_DRIVE) {
    const tree = ec2Tree(guest, version);
    const metaData = nodeAt(tree, ['meta-data']) ?? '';
    files.set(`ec2/${version}/meta-data.json`, Buffer.from(JSON.stringify(asJson(metaData))));
    if (guest.userData !== null) files.set(`ec2/${version}/user-data`, guest.userData);
  }
  for (const version of [...OPENSTACK_VERSIONS, LATEST])
    for (const name of openstackFiles(guest, version)) {
      // guests post to it, and on a drive they could not
      const file = isPasswordFile(version, name) ? undefined : openstackFile(guest, version, name, seed);
      if (file !== undefined) files.set(`openstack/${version}/${name}`, file.body);
    }
  for (const [number, body] of contents(guest)) files.set(`openstack/${CONTENT}/${number}`, body);
  return files;
}
