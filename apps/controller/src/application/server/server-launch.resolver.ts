import {
  addressInUse,
  addressRefusal,
  type BootImages,
  DomainError,
  type Image,
  type ImageBlob,
  type ImageRecord,
  type ImageSpec,
  type LaunchRequest,
  mayUseFlavor,
  type Network,
  type NetworkChoice,
  own,
  streamRef,
} from '@cairn/domain';
import { HostRow, type ReadModel } from '@cairn/projections';
import type { Enforcer } from '../../policy';
import type { Actor, Executor } from '../../runtime/ports';
import { imageSpec } from '../image/image-spec';
import { machineOf } from '../machine/hardware';
import { machineNeeds } from '../machine/needs';
import { userLimit } from '../quota/project-limit';
import { inZones } from '../host-aggregate/zones';
import { networkNotFound, usableNetwork, usableNetworks } from '../network/usable-networks';
import { launchGroups } from '../security-group/launch-groups';
import { requireServerGroup } from '../server-group/require-server-group';
import { requireFollowed } from './followed-hints';
import { localDisks } from './asked-disks';
import { AskedAddresses } from './asked-addresses';
import { requireFileLimits } from './file-limits';
import { driveDemanded, type LaunchSettings } from './launch-settings';
import { hostNotFound, requireOpenZone } from './places';
import type { LaunchSpec } from './server-launch.command';

/** The part of a launch that is the same for all servers of one request, with everything named looked up. */
export type LaunchFacts = Pick<
  LaunchRequest,
  | 'flavor'
  | 'image'
  | 'kernel'
  | 'ramdisk'
  | 'keyName'
  | 'publicKey'
  | 'networks'
  | 'groups'
  | 'serverGroupId'
  | 'extraSpecs'
  | 'machine'
  | 'imageProperties'
  | 'hardware'
  | 'localDisks'
  | 'configDrive'
  | 'requestedHost'
  | 'hints'
>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const GIB = 1024 ** 3;

const refuse = (code: string, message: string): never => {
  throw new DomainError('invalid', code, message);
};

type Usable = Image & { readonly record: ImageRecord; readonly blob: ImageBlob };

/** An image to boot from. */
export interface Bootable {
  /** What a guest takes of it, and what it demands of the host. */
  readonly boot: BootImages & Pick<LaunchFacts, 'machine' | 'configDrive'>;
  readonly image: Pick<Usable, 'record' | 'blob'>;
}

/**
 * Checks what a tenant asks of a launch and resolves its names. Reads streams instead of read models, so that it finds
 * what was created a moment ago.
 */
export class LaunchResolver {
  private readonly addresses: AskedAddresses;

  constructor(
    private readonly executor: Executor,
    private readonly readModel: ReadModel,
    private readonly policy: Enforcer,
    private readonly settings: LaunchSettings,
  ) {
    this.addresses = new AskedAddresses(executor);
  }

  /**
   * @param instanceId the first server of the request.
   * @throws DomainError `invalid`, `forbidden` or `quota`, in nova's words.
   */
  async resolve(projectId: string, actor: Actor, asked: LaunchSpec, instanceId: string): Promise<LaunchFacts> {
    requireFollowed(asked.hints, this.settings.scheduler.filters);
    const [flavor, bootable, key, networks, groups, requestedHost] = await Promise.all([
      this.flavor(asked.flavorId, projectId, actor),
      this.bootable(asked.imageId, actor),
      this.key(asked.keyName, actor),
      this.networks(asked, projectId, instanceId),
      launchGroups(this.executor, asked.securityGroups, projectId),
      this.requestedHost(asked),
      this.requireMetadataLimit(projectId, actor.userId, asked.metadata),
      requireFileLimits(this.executor, projectId, actor.userId, asked.files),
      this.requirePlace(asked),
      requireServerGroup(this.executor, this.readModel, projectId, actor, asked),
    ]);
    requireFit(bootable, flavor.flavor);
    const { maxLocalBlockDevices, configDrive } = this.settings;
    const disks = localDisks(asked.disks, flavor.flavor, maxLocalBlockDevices);
    return {
      ...flavor,
      ...bootable.boot,
      ...machineOf(bootable.image.record, flavor),
      ...(disks === undefined ? {} : { localDisks: disks }),
      ...(asked.configDrive === true || configDrive.force ? { configDrive: configDrive.format } : {}),
      keyName: asked.keyName,
      publicKey: key,
      networks,
      groups,
      ...(requestedHost === undefined ? {} : { requestedHost }),
      ...(asked.hints === undefined ? {} : { hints: asked.hints }),
      ...(asked.serverGroupId === undefined ? {} : { serverGroupId: asked.serverGroupId }),
    };
  }

  /** @throws DomainError `invalid` for an image that is not there, not active, or not one to boot from. */
  async bootable(id: string, actor: Actor): Promise<Bootable> {
    const image = await this.image(id, actor);
    const machine = machineNeeds(image.record.properties);
    const configDrive = driveDemanded(image.record, this.settings);
    const boot = {
      image: imageSpec(image.record, image.blob),
      kernel: await this.companion(image, 'kernel', actor),
      ramdisk: await this.companion(image, 'ramdisk', actor),
      ...(machine === undefined ? {} : { machine }),
      ...(configDrive === undefined ? {} : { configDrive }),
    };
    return { boot, image };
  }

  /** The flavor as a server has it. @throws DomainError `invalid` for one that is not there, or not for the project. */
  async flavor(id: string, projectId: string, actor: Actor): Promise<Pick<LaunchFacts, 'flavor' | 'extraSpecs'>> {
    const found = await this.executor.state(streamRef('flavor', id));
    const { life, record, extraSpecs } = found;
    const mayUse = mayUseFlavor(found, projectId) || this.policy.allows('context_is_admin', actor);
    if (life !== 'live' || record === undefined || !mayUse)
      return refuse('flavor.not-found', `Flavor ${id} could not be found.`);
    const { rxtxFactor: _rxtx, isPublic: _public, description: _description, ...flavor } = record;
    return { flavor, ...(Object.keys(extraSpecs).length === 0 ? {} : { extraSpecs }) };
  }

  private mayUse({ projectId, visibility }: ImageRecord, actor: Actor): boolean {
    return this.policy.allows('get_image', actor, { project_id: projectId, visibility });
  }

  private async image(id: string, actor: Actor): Promise<Usable> {
    const found = UUID.test(id) ? await this.executor.state(streamRef('image', id.toLowerCase())) : null;
    const { record, blob, status } = found ?? {};
    if (found === null || record === undefined || status === 'deleted' || !this.mayUse(record, actor))
      return refuse('image.not-found', `Image ${id} could not be found.`);
    if (status !== 'active' || blob === undefined) return refuse('image.not-active', `Image ${id} is not active.`);
    return { ...found, record, blob };
  }

  /** The kernel or ramdisk that an image names (`kernel_id`, `ramdisk_id`); it must be an active aki or ari image. */
  private async companion({ record }: Usable, kind: 'kernel' | 'ramdisk', actor: Actor): Promise<ImageSpec | null> {
    const id = own(record.properties, `${kind}_id`) ?? '';
    if (id === '') return null;
    const companion = await this.image(id, actor);
    const format = kind === 'kernel' ? 'aki' : 'ari';
    if (companion.record.diskFormat !== format)
      refuse('image.wrong-format', `Image ${id} is named as ${kind} but its disk format is not ${format}.`);
    return imageSpec(companion.record, companion.blob);
  }

  /** The public key of that name. @throws DomainError `invalid` */
  async key(name: string | null, { userId }: Actor): Promise<string | null> {
    if (name === null) return null;
    const { byName } = await this.executor.state(streamRef('keypairs', userId));
    const key = own(byName, name);
    return key?.publicKey ?? refuse('keypair.not-found', 'Invalid key_name provided.');
  }

  private async networks(
    { networks: asked, maxCount }: Pick<LaunchSpec, 'networks' | 'maxCount'>,
    projectId: string,
    instanceId: string,
  ): Promise<readonly NetworkChoice[]> {
    if (asked === 'all') {
      const usable = await usableNetworks(this.readModel, projectId);
      return usable.map(({ id }) => ({ networkId: id, address: null }));
    }
    const found = await Promise.all(asked.map(({ networkId }) => this.network(networkId, projectId)));
    if (maxCount > 1 && asked.some(({ address }) => address !== null))
      refuse('network.one-address', 'max_count cannot be greater than 1 if an fixed_ip is specified.');
    asked.forEach(({ networkId, address }, i) => {
      if (asked.findIndex((other) => other.networkId === networkId) !== i)
        refuse('network.twice', `Duplicate networks (${networkId}) are not allowed`);
      if (address !== null) requireFree(found[i] as Network, address);
    });
    for (const choice of asked.filter(({ address }) => address !== null)) {
      const holder = await this.addresses.holder(choice, instanceId);
      if (holder !== undefined) refuse('network.address-in-use', addressInUse(choice.address ?? '', holder));
    }
    return asked;
  }

  private async network(id: string, projectId: string): Promise<Network> {
    const network = await usableNetwork(this.executor, id, projectId);
    return network ?? refuse('network.not-found', networkNotFound(id).message);
  }

  /** A host must exist, or else a zone with an enabled host; the scheduler decides whether they have room. */
  private async requirePlace({ availabilityZone, forcedHost }: LaunchSpec): Promise<void> {
    if (availabilityZone === null && forcedHost === null) return;
    const hosts = await inZones(this.executor, await this.readModel.read((all) => all.find(HostRow)));
    if (forcedHost !== null && hosts.every(({ name }) => name !== forcedHost)) throw hostNotFound(forcedHost);
    if (availabilityZone !== null && forcedHost === null) requireOpenZone(hosts, availabilityZone);
  }

  /** The name of the host that is both the one and the other. */
  private async requestedHost({
    requestedHost: host,
    requestedHypervisor: hypervisor,
  }: LaunchSpec): Promise<string | undefined> {
    if (host === undefined && hypervisor === undefined) return undefined;
    const hosts = await this.readModel.read((all) => all.find(HostRow));
    const found = hosts.find(
      ({ name, hostname }) =>
        (host === undefined || name === host) && (hypervisor === undefined || (hostname ?? name) === hypervisor),
    );
    if (found === undefined) throw hostNotFound(host ?? hypervisor ?? '');
    return found.name;
  }

  /** @throws DomainError `quota` */
  async requireMetadataLimit(projectId: string, userId: string, metadata: LaunchSpec['metadata']): Promise<void> {
    const limit = await userLimit(this.executor, projectId, userId, 'metadata_items');
    if (limit < 0 || Object.keys(metadata).length <= limit) return;
    const message = `Maximum number of metadata items exceeds ${String(limit)}`;
    throw new DomainError('quota', 'server.too-much-metadata', message);
  }
}

/**
 * nova 26.1: FlavorMemoryTooSmall, FlavorDiskSmallerThanMinDisk, FlavorDiskSmallerThanImage; root 0 is any size.
 * @throws DomainError `invalid` for an image that is too large for the flavor.
 */
export function requireFit({ image: { record, blob } }: Bootable, { ramMb, rootGb }: LaunchFacts['flavor']): void {
  if (ramMb < record.minRamMb) refuse('flavor.memory-too-small', "Flavor's memory is too small for requested image.");
  if (rootGb === 0) return;
  if (blob.sizeBytes > rootGb * GIB) {
    const [disk, image] = [String(rootGb * GIB), String(blob.sizeBytes)];
    refuse(
      'flavor.disk-too-small',
      `Flavor's disk is too small for requested image. Flavor disk is ${disk} bytes, image is ${image} bytes.`,
    );
  }
  if (rootGb < record.minDiskGb) {
    const [disk, min] = [String(rootGb * GIB), String(record.minDiskGb * GIB)];
    refuse(
      'flavor.disk-too-small',
      `Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk is ${disk} bytes, ` +
        `minimum size is ${min} bytes.`,
    );
  }
}

/** Checks what it can at once; the network's own stream decides when it allocates the address. nova answers 400 to both. */
function requireFree(network: Network, address: string): void {
  const refusal = addressRefusal(network, address);
  if (refusal !== undefined) refuse(refusal.code, refusal.message);
}
