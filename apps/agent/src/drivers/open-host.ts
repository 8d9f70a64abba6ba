import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { AgentConfig, HostConfig } from '../config';
import { QemuDiskStore } from '../disks/qemu-disk-store';
import { FileImageCache } from '../image-cache/file-image-cache';
import type { HostPorts } from '../jobs/job-context';
import type { Clock } from '../ports/clock.port';
import type { Controller } from '../ports/controller.port';
import type { Log } from '../ports/log.port';

import { LibvirtConsoles } from './libvirt/libvirt-consoles';
import { LibvirtHypervisor } from './libvirt/libvirt-hypervisor';
import { LinuxHostNetwork } from './linux-network/linux-host-network';
import { OwnServices } from './linux-network/own-services';
import { DEFAULT_LATENCIES, SimulatedHost, simulatedPorts } from './simulated';
import { type BlobMemory, ControllerImageSource } from './simulated/controller-image-source';
import { SimulatedHostFile } from './simulated/host-file';

/** A host with its drivers, and how to leave it. */
export interface OpenHost {
  readonly ports: HostPorts;
  /** Instances with something on the host's disk, whatever the journal knows. */
  instances(): Promise<readonly string[]>;
  /** Lets go of what the drivers hold open. */
  close(): Promise<void>;
}

export interface OpenHostParts {
  readonly config: AgentConfig;
  readonly host: HostConfig;
  readonly controller: Controller;
  readonly clock: Clock;
  readonly log: Log;
  readonly blobs: BlobMemory;
}

const GIB = 1024 ** 3;

/** The folder of one host: its journal, and the state of the machine where that is simulated. */
const hostFolder = (config: AgentConfig, { hostId }: HostConfig): string => join(config.stateDir, 'hosts', hostId);

export const journalFile = (config: AgentConfig, host: HostConfig): string => join(hostFolder(config, host), 'journal');

/** What the processes that the host's guests need do, for `./cairn status`. */
export const helpersFile = (config: AgentConfig, host: HostConfig): string =>
  join(hostFolder(config, host), 'helpers.json');

/** Whether the host's network is as it should be, for `./cairn status`. */
export const networkFile = (config: AgentConfig, host: HostConfig): string =>
  join(hostFolder(config, host), 'network.json');

/** Makes the drivers that the configuration names. */
export async function openHost(parts: OpenHostParts): Promise<OpenHost> {
  await mkdir(hostFolder(parts.config, parts.host), { recursive: true });
  return parts.config.driver === 'libvirt' ? openLibvirt(parts) : openSimulated(parts);
}

function openLibvirt({ config, host, controller, clock, log }: OpenHostParts): OpenHost {
  const { stateDir, metadataPort, imageCacheLimitGb, guestsMayReach: open } = config;
  const services = new OwnServices([config.controllerUrl, config.redisUrl, config.eventStoreUrl], log);
  const instancesDir = join(stateDir, 'instances');
  const folder = join(stateDir, 'images');
  const ports: HostPorts = {
    hypervisor: new LibvirtHypervisor({
      stateDir: join(stateDir, 'libvirt'),
      instancesDir,
      hostIp: host.hostIp,
      hostname: host.name,
    }),
    consoles: new LibvirtConsoles(),
    network: new LinuxHostNetwork({
      directory: join(stateDir, 'network'),
      metadataPort,
      closed: () => services.all(),
      open,
      hostIp: host.hostIp,
      bridgeInterface: config.bridgeInterface,
      dnsmasq: { nameServers: config.nameServers, configFile: config.dnsmasqConfigFile },
      filters: config.firewallDriver === 'nftables',
      log,
    }),
    images: new FileImageCache({ folder, limitBytes: imageCacheLimitGb * GIB, controller, clock, log }),
    disks: new QemuDiskStore(instancesDir, { injects: config.flatInjected, log }),
  };
  const instances = async (): Promise<readonly string[]> => {
    await mkdir(instancesDir, { recursive: true });
    return readdir(instancesDir);
  };
  return { ports, instances, close: () => Promise.resolve() };
}

async function openSimulated({ config, host, controller, clock, blobs }: OpenHostParts): Promise<OpenHost> {
  const { vcpus, ramMb, diskGb, persist, latencyFactor } = config.simulated;
  const file = persist ? await SimulatedHostFile.open(join(hostFolder(config, host), 'machine.jsonl')) : undefined;
  const { image, disk, network, start, stop } = DEFAULT_LATENCIES;
  const [k, source] = [latencyFactor, new ControllerImageSource(controller, blobs)];
  const machine = file?.host ?? new SimulatedHost();
  const ports = simulatedPorts({
    host: machine,
    size: { name: host.name, vcpus, ramMb, diskGb },
    clock,
    latencies: { image: image * k, disk: disk * k, network: network * k, start: start * k, stop: stop * k },
    source,
    imageCacheBytes: config.imageCacheLimitGb * GIB,
  });
  const instances = (): Promise<readonly string[]> => Promise.resolve([...machine.disks.keys()]);
  const close = (): Promise<void> => {
    file?.close();
    return Promise.resolve();
  };
  return { ports, instances, close };
}
