import { createHash } from 'node:crypto';

import type { ImageSpec } from '@cairn/host-protocol';

import { diskStoreContract } from '../../ports/disk-store.contract';
import { Retryable } from '../../ports/errors';
import { type ConsolesHarness, guestConsolesContract } from '../../ports/guest-consoles.contract';
import { hostGatewayContract } from '../../ports/host-gateways.contract';
import { hostNetworkContract, type HostNetworkHarness } from '../../ports/host-network.contract';
import { DAMAGES } from '../../ports/network-damages';
import { hypervisorContract } from '../../ports/hypervisor.contract';
import { imageCacheContract } from '../../ports/image-cache.contract';
import { dualNetworkOf, imageOf, instanceIdOf, instanceOf, networkOf, nicOf, noDrive } from '../../testing/specs';
import { VirtualClock } from '../../testing/virtual-clock';

import { factsOf as blobFacts } from './controller-image-source';
import type { BlobFacts, ImageSource } from './image-source';
import { carriedBy } from './simulated-network';

import { InvariantBroken, simulatedPorts, SimulatedHost } from '.';

const size = { name: 'sim-1', vcpus: 8, ramMb: 16_384, diskGb: 100 };
const GIB = 1024 ** 3;

const make = (host = new SimulatedHost(), source?: ImageSource, imageCacheBytes?: number) => ({
  host,
  ...simulatedPorts({
    host,
    size,
    clock: new VirtualClock(),
    ...(source === undefined ? {} : { source }),
    ...(imageCacheBytes === undefined ? {} : { imageCacheBytes }),
  }),
});

/** An image of its own for each n, as a source would find it. */
const factsOf = (n: number, over: Partial<BlobFacts> = {}): BlobFacts => {
  const sha256 = createHash('sha256').update(String(n)).digest('hex');
  return { sha256, sizeBytes: 1000, format: 'raw', virtualBytes: GIB, fault: null, ...over };
};
const specOf = (facts: BlobFacts): ImageSpec =>
  imageOf({ imageId: `image-${facts.sha256.slice(0, 8)}`, sha256: facts.sha256, sizeBytes: facts.sizeBytes });

const hypervisorHarness = (): Promise<ConsolesHarness> => {
  const { host, hypervisor, consoles, disks, images, network } = make();
  return Promise.resolve({
    hypervisor,
    consoles,
    prints: /login:/,
    plug: async ({ spec: { instanceId, hostname } }, n) => {
      const nic = nicOf(n, networkOf(1));
      return { nic, plugged: await network.ensurePort({ instanceId, hostname, index: n, nic }) };
    },
    echoes: true,
    domain: async (n, over) => {
      const spec = instanceOf(n, { image: specOf(factsOf(1)), ...over });
      const root = await images.ensure(spec.image);
      return { spec, disks: await disks.ensure(spec, { root, kernel: null, ramdisk: null }, noDrive), nics: [] };
    },
    kill: (instanceId) => {
      host.stop(instanceId);
      return Promise.resolve();
    },
    bootWithinMs: 1000,
    close: () => Promise.resolve(),
  });
};
hypervisorContract('SimulatedHypervisor', hypervisorHarness);
guestConsolesContract('SimulatedConsoles', hypervisorHarness);

const networkHarness = (): Promise<HostNetworkHarness> => {
  const { host, network } = make();
  return Promise.resolve({
    network,
    networkSpec: (n) => (n % 2 === 0 ? dualNetworkOf(n) : networkOf(n)),
    taps: () => Promise.resolve([...host.ports.keys()]),
    security: () => Promise.resolve(new Map(host.security)),
    floating: () => Promise.resolve(carriedBy(host)),
    outside: null,
    noVlan: null,
    peers: () => Promise.resolve(new Map(host.peers)),
    names: () => Promise.resolve(host.names.get('cloud')),
    damage: (kind) => {
      host.damage.set(kind, { topic: DAMAGES[kind], name: kind, verdict: 'wrong', says: `Somebody made ${kind}.` });
      return Promise.resolve();
    },
    reopen: () => Promise.resolve(make(host).network),
    close: () => Promise.resolve(),
  });
};

hostNetworkContract('SimulatedNetwork', networkHarness);
hostGatewayContract('SimulatedNetwork', networkHarness);

imageCacheContract('SimulatedImageCache', () => {
  const published = new Map<string, BlobFacts>();
  let transfers = 0;
  let cut = false;
  const source: ImageSource = {
    fetch: ({ imageId }) => {
      if (cut) return Promise.reject(new Retryable('cut off'));
      transfers += 1;
      return Promise.resolve(published.get(imageId) ?? null);
    },
  };
  const limitBytes = 3000;
  return Promise.resolve({
    cache: make(new SimulatedHost(), source, limitBytes).images,
    limitBytes,
    publish: (n, sizeBytes) => {
      const facts = factsOf(n, { sizeBytes });
      published.set(specOf(facts).imageId, facts);
      return Promise.resolve(specOf(facts));
    },
    transfers: () => transfers,
    cutOff: (isCut) => {
      cut = isCut;
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
});

diskStoreContract('SimulatedDiskStore', () => {
  const { host, disks } = make();
  const written = new Set<string>();
  const image = (facts: BlobFacts, format = 'raw') => {
    host.keepImage(facts);
    const root = { path: `/simulated/images/sha256/${facts.sha256}`, cached: true };
    const spec = { image: { ...specOf(facts), format } };
    return Promise.resolve({ spec, images: { root, kernel: null, ramdisk: null } });
  };
  return Promise.resolve({
    disks,
    image: (n, blob) => {
      const format = blob === 'not-the-format-it-claims' ? 'qcow2' : 'raw';
      return image(factsOf(n, { format, fault: blob === 'corrupt' ? 'it is corrupt' : null }));
    },
    imageOf: async (format, bytes) => image(await blobFacts([bytes]), format),
    largeImage: () => image(factsOf(9, { virtualBytes: 2 * GIB })),
    sizeOf: (path) => {
      const [, , kind, ...names] = path.split('/');
      const file = names.pop() ?? '';
      if (kind === 'images') return Promise.resolve(GIB);
      const there = host.disks.get(names.join('/'));
      if (file === 'disk.rescue') return Promise.resolve(there?.rescue === undefined ? null : GIB);
      const root = there?.rootId === undefined ? 'disk' : `disk-${there.rootId}`;
      return Promise.resolve((file === root ? there?.rootBytes : there?.others?.[file]) ?? null);
    },
    scribble: (path) => {
      written.add(path);
      return Promise.resolve();
    },
    scribbled: (path) => Promise.resolve(written.has(path)),
    close: () => Promise.resolve(),
  });
});

describe('SimulatedHost', () => {
  const port = (n: number, address = nicOf(n, networkOf(1)).address) => ({
    instanceId: instanceIdOf(n),
    hostname: `vm-${String(n)}`,
    index: 0,
    nic: { ...nicOf(n, networkOf(1)), address },
  });

  it('refuses an address or a MAC address that another guest has, and remembers that it was tried', async () => {
    const { host, network } = make();
    await network.ensurePort(port(1));
    await expect(network.ensurePort(port(2, port(1).nic.address))).rejects.toThrow(InvariantBroken);
    await expect(network.ensurePort({ ...port(3), nic: { ...port(3).nic, mac: port(1).nic.mac } })).rejects.toThrow(
      /MAC/,
    );
    expect(host.violations).toEqual([
      `address ${port(1).nic.address} used twice`,
      `MAC address ${port(1).nic.mac} used twice`,
    ]);
  });

  it('refuses to start a guest twice, without disks, or to lose what it runs on', async () => {
    const { host, images, disks, hypervisor } = make();
    const spec = instanceOf(1, { image: specOf(factsOf(1)) });
    host.define(spec);
    expect(() => {
      host.start(spec.instanceId, '');
    }).toThrow(/without disks/);
    const root = await images.ensure(spec.image);
    await hypervisor.ensure({
      spec,
      disks: await disks.ensure(spec, { root, kernel: null, ramdisk: null }, noDrive),
      nics: [],
    });
    expect(() => {
      host.start(spec.instanceId, '');
    }).toThrow(/second start/);
    await expect(disks.remove(spec.instanceId)).rejects.toThrow(/while it runs/);
    expect(() => {
      host.dropImage(spec.image.sha256);
    }).toThrow(/while .* uses it/);
  });

  it('loses guests and taps with its power, and keeps what is on disk, also over JSON', async () => {
    const { host, images, disks, hypervisor, network } = make();
    const spec = instanceOf(1, { image: specOf(factsOf(1)), nics: [nicOf(1, networkOf(1))] });
    const nic = await network.ensurePort(port(1));
    const root = await images.ensure(spec.image);
    await hypervisor.ensure({
      spec,
      disks: await disks.ensure(spec, { root, kernel: null, ramdisk: null }, noDrive),
      nics: [nic],
    });
    const copy = new SimulatedHost(JSON.parse(JSON.stringify(host)) as ReturnType<SimulatedHost['toJSON']>);
    expect(copy.toJSON()).toEqual(host.toJSON());
    copy.powerCycle();
    expect(copy.domains.get(spec.instanceId)?.running).toBe(false);
    expect([copy.ports.size, copy.disks.size, copy.images.size]).toEqual([0, 1, 1]);
    expect(await hypervisor.incarnation(spec.instanceId)).toBe('1');
  });

  it('shows a boot log of that very guest', async () => {
    const { images, disks, hypervisor, network } = make();
    const nics = [nicOf(1, networkOf(1))];
    const spec = instanceOf(1, { image: specOf(factsOf(1)), vcpus: 2, nics });
    const nic = await network.ensurePort(port(1));
    const root = await images.ensure(spec.image);
    await hypervisor.ensure({
      spec,
      disks: await disks.ensure(spec, { root, kernel: null, ramdisk: null }, noDrive),
      nics: [nic],
    });
    const text = await hypervisor.readConsole(spec.instanceId, null);
    expect(text).toContain('Allowing 2 CPUs');
    expect(text).toContain(`dhcp eth0 inet ${port(1).nic.address}/24 via 10.251.1.1`);
    expect(await hypervisor.readConsole(spec.instanceId, 1)).toBe('vm-1 login: \n');
  });
});
