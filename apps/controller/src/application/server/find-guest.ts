import { Inject, Injectable } from '@nestjs/common';
import {
  type Address,
  addressesOf,
  HOST_AGGREGATES,
  hostOf,
  type Instance,
  type LaunchRequest,
  isOf,
  streamRef,
  zoneOfHost,
} from '@cairn/domain';

import type { Keyring } from '../../keyring/keyring';
import type { Executor } from '../../runtime/ports';
import { EXECUTOR, KEYRING } from '../core';
import type { Guest } from './guest';
import { userDataAt } from './user-data';

/**
 * Finds the server that sends a metadata request, by network and address. Reads the cached streams instead of rows: a
 * change shows at once, and no stale row names the wrong server.
 */
@Injectable()
export class FindGuest {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(KEYRING) private readonly keyring: Keyring,
  ) {}

  /** The server with that address, if it lives on that host: hosts learn nothing of servers elsewhere. */
  async find(hostId: string, networkId: string, address: string): Promise<Guest | undefined> {
    const network = await this.executor.state(streamRef('network', networkId));
    const claim = network.claims.get(network.taken.get(address) ?? '');
    if (claim === undefined || !isOf('instance', claim.owner)) return undefined;
    const instance = await this.executor.state(claim.owner);
    const { request } = instance;
    const place = hostOf(instance);
    const isThere = instance.vmState !== 'deleted' && place?.claimed === true;
    const has = addressesOf(instance).some((nic) => nic.claimId === claim.claimId);
    if (request === undefined || !isThere || !has || place.hostId !== hostId) return undefined;
    const host = await this.executor.state(streamRef('host', hostId));
    const zone = zoneOfHost(await this.executor.state(HOST_AGGREGATES), host);
    return describe(instance, request, zone, await this.userData(request));
  }

  /** Null also if the tenant's key was destroyed, since nobody can decrypt the user data then. */
  private async userData({ instanceId, userData }: LaunchRequest): Promise<Buffer | null> {
    if (userData === null) return null;
    return (await this.keyring.open(userData, userDataAt(instanceId))) ?? null;
  }
}

function describe(
  instance: Instance,
  request: LaunchRequest,
  availabilityZone: string,
  userData: Buffer | null,
): Guest {
  const { keyName, publicKey, flavor, securityGroups } = request;
  const nics = request.networks.flatMap(({ networkId }) =>
    addressesOf(instance).filter(({ network }) => network.networkId === networkId),
  );
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
    securityGroups: securityGroups.length === 0 ? ['default'] : securityGroups,
    availabilityZone,
    hasEphemeral: flavor.ephemeralGb > 0,
    hasSwap: flavor.swapMb > 0,
    nics: nics.map(nic),
    userData,
  };
}

const nic = ({ claimId, mac, address, network }: Address): Guest['nics'][number] => ({
  id: claimId,
  networkId: network.networkId,
  mac,
  address,
  mtu: network.mtu,
  dns: network.dns.length === 0 ? [network.gateway] : network.dns,
});
