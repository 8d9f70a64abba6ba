import { disksOf, type InstanceSpec } from '@cairn/host-protocol';

const stamp = (seconds: number): string => `[${seconds.toFixed(6).padStart(12)}]`;

/** What a small Linux guest of this spec would print on its serial console while it boots. */
export function bootLog(spec: InstanceSpec): string {
  const { hostname, vcpus, ramMb, nics } = spec;
  const disks = disksOf(spec).map(({ bus, device }) => `${bus === 'virtio' ? 'virtio_blk' : bus}: ${device}`);
  const kernel = [
    'Linux version 6.1.0-simulated (cairn) #1 SMP PREEMPT_DYNAMIC',
    'Command line: root=/dev/vda console=ttyS0',
    'DMI: OpenStack Foundation OpenStack Nova, simulated',
    `Memory: ${String(ramMb * 1024)}K available`,
    `smpboot: Allowing ${String(vcpus)} CPUs, 0 hotplug CPUs`,
    ...disks,
    ...nics.map((nic, index) => `virtio_net: eth${String(index)} ${nic.mac}`),
    'EXT4-fs (vda): mounted filesystem with ordered data mode',
  ];
  const userspace = nics.map((nic, index) => {
    const { cidr, gateway } = nic.network;
    return `dhcp eth${String(index)} inet ${nic.address}/${cidr.split('/')[1] ?? '32'} via ${gateway}`;
  });
  const lines = [
    ...kernel.map((line, index) => `${stamp(index * 0.137)} ${line}`),
    ...userspace,
    'sshd: listening on 0.0.0.0 port 22',
    '',
    `${hostname} login: `,
  ];
  return `${lines.join('\n')}\n`;
}

/** What a Linux guest that has no dump set up prints when it is interrupted. */
export const nmiLog = (): string =>
  'Uhhuh. NMI received for unknown reason 20 on CPU 0.\nDazed and confused, but trying to continue\n';

/** What a guest prints whose agent sets a password. */
export const passwordLog = (user: string): string => `chpasswd: password for '${user}' changed\n`;

/** The last `count` lines of a text, or all of it. */
export function lastLines(text: string, count: number | null): string {
  if (count === null) return text;
  if (count <= 0) return '';
  const lines = text.split('\n');
  const closed = lines.at(-1) === '';
  return lines.slice(-(count + (closed ? 1 : 0))).join('\n');
}
