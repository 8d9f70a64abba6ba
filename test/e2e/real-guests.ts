import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where the guest image is built. */
export const IMAGES = process.env['CAIRN_IMAGES'] ?? '/var/cache/cairn/guest-image';

/** Why no real guest can run here; undefined when one can. */
export function whyNoRealGuest(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  for (const program of ['/usr/sbin/libvirtd', '/usr/bin/qemu-system-x86_64', '/usr/sbin/dnsmasq', '/usr/sbin/nft']) {
    if (!existsSync(program)) return `${program} is missing`;
  }
  if (!existsSync(join(IMAGES, 'cairn-guest.qcow2'))) return `no guest image in ${IMAGES} (infra/guest-image/build.sh)`;
  const libvirt = spawnSync('virsh', ['-q', '-c', 'qemu:///system', 'list', '--all', '--name'], { encoding: 'utf8' });
  if (libvirt.status === 0 && /^instance-/m.test(libvirt.stdout)) return 'another cloud has guests here (./cairn down)';
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
  } catch {
    return '/dev/net/tun cannot be opened';
  }
  return undefined;
}
