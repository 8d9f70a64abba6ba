import { Inject, Injectable } from '@nestjs/common';
import {
  addressesOf,
  groupsOf,
  GUEST_PREFIX,
  HOST_AGGREGATES,
  hostOf,
  type Instance,
  type Ipv6Block,
  type LaunchRequest,
  injectedNic,
  isOf,
  namedDisks,
  nicsOf,
  type Sealed,
  streamName,
  type StreamOf,
  streamRef,
  type TaggedNic,
  zoneOfHost,
} from '@cairn/domain';

import type { Keyring, SealedAt } from '../../keyring/keyring';
import type { Clock, Executor } from '../../runtime/ports';
import { CLOCK, EXECUTOR, KEYRING } from '../core';
import { lookedFor } from '../host/looked-for';
import { adminPassOf } from './admin-pass';
import type { DriveGuest, Guest, GuestNic } from './guest';
import { PostedPasswords } from './posted-password';
import { adminPassAt, decodeFiles, filesAt, userDataAt } from './secrets';

const ipv6Of = (address: string, { gateway, dns }: Ipv6Block): NonNullable<GuestNic['ipv6']> => ({
  address,
  prefix: GUEST_PREFIX,
  gateway,
  dns: dns.length === 0 ? [gateway] : dns,
});

/**
 * Finds the server that sends a metadata request, by network and address. Reads the cached streams instead of rows: a
 * change shows at once, and no stale row names the wrong server.
 */
@Injectable()
export class FindGuest {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly passwords: PostedPasswords,
  ) {}

  /**
   * The server with that address, if it lives on that host or that is the gateway of its network: other hosts learn nothing
   * of servers elsewhere.
   */
  async find(hostId: string, networkId: string, address: string): Promise<Guest | undefined> {
    const network = await this.executor.state(streamRef('network', networkId));
    const claim = network.claims.get(network.taken.get(address) ?? '');
    if (claim === undefined || !isOf('instance', claim.owner)) return undefined;
    const instance = await this.executor.state(claim.owner);
    const place = hostOf(instance);
    const isThere = instance.vmState !== 'deleted' && place?.claimed === true;
    const has = addressesOf(instance).some((nic) => nic.claimId === claim.claimId);
    const mayAsk = place?.hostId === hostId || network.gateway === hostId;
    return isThere && has && mayAsk ? this.describe(place.hostId, instance) : undefined;
  }

  /** A server by its id, if that host has a claim for it, with what its configuration drive tells; undefined without one. */
  async ofDrive(hostId: string, instanceId: string): Promise<DriveGuest | undefined> {
    return lookedFor(this.clock, () => this.lookForDrive(hostId, streamRef('instance', instanceId)));
  }

  private async lookForDrive(hostId: string, server: StreamOf<'instance'>): Promise<DriveGuest | undefined> {
    const { claims } = await this.executor.state(streamRef('host', hostId));
    if (![...claims.values()].some(({ owner }) => streamName(owner) === streamName(server))) return undefined;
    const instance = await this.executor.state(server);
    const guest = instance.request?.configDrive === undefined ? undefined : await this.describe(hostId, instance);
    return guest === undefined ? undefined : { ...guest, adminPass: await this.adminPass(instance) };
  }

  private async describe(hostId: string, instance: Instance): Promise<Guest | undefined> {
    const { request } = instance;
    if (request === undefined) return undefined;
    const host = await this.executor.state(streamRef('host', hostId));
    const zone = zoneOfHost(await this.executor.state(HOST_AGGREGATES), host);
    const { instanceId } = request;
    const files = await this.opened(request.files, filesAt(instanceId));
    return describe(instance, request, zone, {
      userData: await this.opened(request.userData, userDataAt(instanceId)),
      files: files === null ? [] : decodeFiles(files),
      password: await this.passwords.of(instanceId),
    });
  }

  /** Null also if the tenant's key was destroyed, since nobody can decrypt anything then. */
  private async opened(sealed: Sealed | null | undefined, at: SealedAt): Promise<Buffer | null> {
    return sealed === null || sealed === undefined ? null : ((await this.keyring.open(sealed, at)) ?? null);
  }

  private async adminPass({ request, placement, operation }: Instance): Promise<string | null> {
    const isNew = placement?.purpose === 'launch' || operation?.name === 'rebuild';
    if (request === undefined || !isNew) return null;
    const { instanceId, adminPass } = request;
    if (adminPass === undefined) return adminPassOf(this.keyring, instanceId);
    return (await this.opened(adminPass, adminPassAt(instanceId)))?.toString('utf8') ?? null;
  }
}

function describe(
  instance: Instance,
  request: LaunchRequest,
  availabilityZone: string,
  secrets: Pick<Guest, 'userData' | 'files' | 'password'>,
): Guest {
  const { keyName, publicKey, flavor } = request;
  const nics = nicsOf(instance);
  const domain = nics[0]?.network.domain ?? '';
  return {
    instanceId: request.instanceId,
    number: request.number,
    projectId: request.projectId,
    reservationId: request.reservationId,
    launchIndex: request.launchIndex,
    name: request.name,
    hostname: domain === '' ? request.hostname : `${request.hostname}.${domain}`,
    flavorName: flavor.name,
    imageId: request.image.imageId,
    kernelId: request.kernel?.imageId ?? null,
    ramdiskId: request.ramdisk?.imageId ?? null,
    key: keyName === null || publicKey === null ? null : { name: keyName, publicKey },
    metadata: request.metadata,
    securityGroups: groupsOf(instance).map(({ name }) => name),
    availabilityZone,
    disks: namedDisks(request),
    nics: nics.map(nic),
    ...secrets,
  };
}

const nic = ({ claimId, network, addressV6, ...plugged }: TaggedNic): GuestNic => ({
  ...plugged,
  ...(addressV6 === undefined || network.ipv6 === undefined ? {} : { ipv6: ipv6Of(addressV6, network.ipv6) }),
  id: claimId,
  networkId: network.networkId,
  ...injectedNic({ ...plugged, network }),
});
