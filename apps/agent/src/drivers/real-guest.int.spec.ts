import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createConnection } from 'node:net';
import { join } from 'node:path';

import { describeWhere } from '../../../../test/support/describe-where';

import type { DomainSpec } from '../ports/hypervisor.port';
import { eventually } from '../testing/eventually';
import { instanceOf, networkOf, nicOf } from '../testing/specs';

import { LibvirtHypervisor } from './libvirt/libvirt-hypervisor';
import { LinuxHostNetwork } from './linux-network/linux-host-network';
import {
  GUEST_IMAGE_PROGRAMS,
  type GuestImage,
  guestImage,
  libvirtLab,
  type LibvirtLab,
  makeOverlay,
  missingHere,
  openDirectory,
} from './testing/host-lab';

const missing = missingHere(
  'virsh',
  'libvirtd',
  'virtlogd',
  'qemu-system-x86_64',
  'ip',
  'nft',
  'dnsmasq',
  ...GUEST_IMAGE_PROGRAMS,
);
const METADATA_PORT = 18_777;
const BOOT_WITHIN_MS = 120_000;
const IP_FORWARD = '/proc/sys/net/ipv4/ip_forward';

const network = networkOf(9, { bridge: 'cairntest9', cidr: '10.213.9.0/24', gateway: '10.213.9.1', mtu: 1400 });
const spec = instanceOf(90, { domainName: 'instance-7e570090', nics: [nicOf(41, network)] });
const address = '10.213.9.42';

describeWhere(missing, 'a real guest on the network of this host', () => {
  let lab: LibvirtLab;
  let image: GuestImage;
  let directory: string;
  let forwarding: string;
  let hypervisor: LibvirtHypervisor;
  let hostNetwork: LinuxHostNetwork;
  /** What the guest asked at 169.254.169.254, as `address path`. */
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.socket.remoteAddress ?? ''} ${request.url ?? ''}`);
    response.statusCode = request.url?.endsWith('/instance-id') === true ? 200 : 404;
    response.end(response.statusCode === 200 ? 'i-0000005a' : '');
  });

  beforeAll(async () => {
    forwarding = await readFile(IP_FORWARD, 'utf8');
    lab = await libvirtLab();
    image = await guestImage();
    directory = await openDirectory('cairn-real-guest-');
    const instancesDir = join(directory, 'instances');
    hypervisor = new LibvirtHypervisor({ stateDir: directory, instancesDir, hostIp: '127.0.0.1', softStopMs: 30_000 });
    hostNetwork = new LinuxHostNetwork({
      directory: join(directory, 'network'),
      table: 'cairn_real_guest',
      metadataPort: METADATA_PORT,
    });
  }, 300_000);

  afterAll(async () => {
    server.close();
    await hypervisor.remove(spec.instanceId);
    await hostNetwork.down();
    await lab.close();
    await rm(directory, { recursive: true, force: true });
    await writeFile(IP_FORWARD, forwarding);
  });

  async function desired(): Promise<DomainSpec> {
    const home = join(directory, 'instances', spec.instanceId);
    await mkdir(home, { recursive: true });
    const root = join(home, 'disk');
    await makeOverlay(root, image.rootFileSystem, 'raw');
    const port = { instanceId: spec.instanceId, hostname: spec.hostname, index: 0, nic: nicOf(41, network) };
    const nics = [await hostNetwork.ensurePort(port)];
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(METADATA_PORT, network.gateway, resolve);
    });
    const { kernel, ramdisk } = image;
    return { spec, disks: { root, others: [], kernel, ramdisk }, nics };
  }

  /** How often the console says that the guest has its address. */
  const leases = async (): Promise<number> =>
    (await hypervisor.readConsole(spec.instanceId, null)).split(`inet ${address}/`).length - 1;

  const leasedTimes = (times: number): Promise<true> =>
    eventually(
      `the guest got its address ${String(times)} time(s)`,
      async () => ((await leases()) >= times ? true : undefined),
      { withinMs: BOOT_WITHIN_MS, everyMs: 250 },
    );

  it('gets its address, reaches its metadata, answers SSH, and is the same after a reboot', async () => {
    const domain = await desired();
    expect(await hypervisor.ensure(domain)).toBe('running');
    await leasedTimes(1);
    await eventually(
      'the guest asks for its metadata',
      () => (asked.some((line) => line.startsWith(`${address} `) && line.endsWith('/instance-id')) ? true : undefined),
      { withinMs: BOOT_WITHIN_MS, everyMs: 100 },
    );
    expect(
      await eventually('sshd answers', () => bannerOf(address), { withinMs: BOOT_WITHIN_MS, everyMs: 500 }),
    ).toMatch(/^SSH-2\.0-/);
    await hypervisor.reboot(domain, 'soft');
    await leasedTimes(2);
  }, 400_000);
});

/** The first thing that an SSH server says. */
async function bannerOf(host: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port: 22, timeout: 2_000 });
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString('latin1'));
    });
    socket.once('timeout', () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error('closed'));
    });
  });
}
