import { networkInterfaces } from 'node:os';
import { join } from 'node:path';

import { leadsTo } from '../../ports/gateways';
import type { Finding, FloatingIp } from '../../ports/host-network.port';
import type { Log } from '../../ports/log.port';

import { tellOf } from './announce';
import { networkFailure } from './check-port';
import type { Addresses } from './inspect-interfaces';
import { addressesNow } from './interfaces';
import type { IpBatch, IpCommand } from './ip-batch';
import { parseAddress } from './ipv4';
import { JsonTable } from './json-table';
import { allowOtherWaysBack, inspectReversePath } from './kernel-settings';
import { readLink } from './links';
import type { CarriedAddress } from './nat';
import { defaultDevice } from './routes';
import type { PortedNetwork } from './ruleset';

/** A floating IP as it is kept on disk. */
interface Kept extends FloatingIp {
  /** The interface on which the host answers for it. */
  readonly device: string;
  /** It is to go; the file goes when the host does not answer for it any more. */
  readonly leaving?: true;
}

const ID = /^[0-9a-f-]{36}$/;
const DEVICE = /^[a-zA-Z0-9._-]{1,15}$/;

/**
 * The addresses outside that this host is to answer for: `floating/<id>.json` each, written before the host is changed.
 * An address is on its interface as /32 while its port is here: the kernel answers ARP for it.
 */
export class FloatingAddresses {
  private readonly known: JsonTable<Kept>;

  constructor(
    directory: string,
    private readonly ip: IpBatch,
    private readonly log: Log,
  ) {
    this.known = new JsonTable(join(directory, 'floating'), log);
  }

  /** @throws JobFailure for an interface that the host does not have, or an address that is the host's own. */
  async save(floating: FloatingIp): Promise<void> {
    const { id, address, fixedAddress } = floating;
    if (!ID.test(id)) throw networkFailure(`Not an id: ${id}`);
    for (const text of [address, fixedAddress])
      if (parseAddress(text) === null) throw networkFailure(`Not an address: ${text}`);
    const device = deviceOf(floating);
    const known = await this.known.all();
    const ours = [...known.values()].some((one) => one.address === address);
    if (!ours && isOnHost(address)) throw networkFailure(`${address} is an address of this host itself`);
    const before = known.get(id);
    if (before !== undefined && (before.device !== device || before.address !== address)) await this.withdraw(before);
    await this.known.set(id, { ...floating, device });
  }

  /** @returns false for one that is not known. */
  async forget(id: string): Promise<boolean> {
    const kept = await this.known.get(id);
    if (kept !== undefined) await this.known.set(id, { ...kept, leaving: true });
    return kept !== undefined;
  }

  /** Those that lead to guests whose gateway this host is, in these networks. */
  async carriedIn(networks: readonly PortedNetwork[]): Promise<readonly CarriedAddress[]> {
    const gateways = networks.filter(({ isGateway }) => isGateway);
    const staying = [...(await this.known.all()).values()].filter(({ leaving }) => leaving !== true);
    return staying.filter((one) =>
      gateways.some(({ spec, served }) => served.some((guest) => leadsTo(one, spec.networkId, guest))),
    );
  }

  /** Answers for those addresses, and for no others of those that are known. */
  async settle(networks: readonly PortedNetwork[]): Promise<void> {
    const wanted = new Set((await this.carriedIn(networks)).map(placeOf));
    for (const kept of (await this.known.all()).values()) {
      const isWanted = wanted.has(placeOf(kept)); // perhaps by another that has the address now
      const isThere = addressesNow()(kept.device, block(kept));
      if (isWanted) allowOtherWaysBack(kept.device);
      if (isWanted && !isThere) await this.take(kept);
      if (isThere && !isWanted) await this.withdraw(kept);
      if (kept.leaving === true) await this.known.delete(kept.id);
    }
  }

  private async take(kept: Kept): Promise<void> {
    await this.ip.run([addressCommand('replace', kept)]);
    tellOf(kept.address, kept.device, this.log);
  }

  /** Addresses that the host answers for, or should not any more. */
  async inspect(networks: readonly PortedNetwork[], addresses: Addresses): Promise<readonly Finding[]> {
    const wanted = (await this.carriedIn(networks)).map(placeOf);
    const known = [...(await this.known.all()).values()];
    const devices = new Set(known.filter((one) => wanted.includes(placeOf(one))).map(({ device }) => device));
    return [
      ...[...devices].map(inspectReversePath),
      ...known.flatMap((one) => {
        const isThere = addresses.get(one.device)?.includes(block(one)) === true;
        return inspectOne(one, wanted.includes(placeOf(one)), isThere);
      }),
    ];
  }

  private withdraw(kept: Kept): Promise<void> {
    return this.ip.remove(addressCommand('delete', kept), () => addressesNow()(kept.device, block(kept)));
  }
}

function inspectOne(kept: Kept, isWanted: boolean, isThere: boolean): readonly Finding[] {
  if (!isWanted && !isThere) return [];
  const { address, device, fixedAddress, networkId, instanceId } = kept;
  const right = `The host answers for ${address} on ${device}, which leads to ${fixedAddress}.`;
  const gone = `${address}, which leads to ${fixedAddress}, is not on ${device}: nobody reaches it.`;
  const left = `${address} is still on ${device}, although it leads to no guest here.`;
  const found = { topic: 'floating-ip', name: address, networkId, instanceId } as const;
  if (isWanted && isThere) return [{ ...found, verdict: 'right', says: right }];
  return [{ ...found, verdict: 'wrong', says: isWanted ? gone : left }];
}

const block = ({ address }: CarriedAddress): string => `${address}/32`;

/** An address is on several interfaces for a moment when it moves between them. */
const placeOf = (one: CarriedAddress): string => `${block(one)} ${one.device}`;

const addressCommand = (verb: 'replace' | 'delete', kept: Kept): IpCommand => [
  'address',
  verb,
  block(kept),
  'dev',
  kept.device,
];

const isOnHost = (address: string): boolean =>
  Object.values(networkInterfaces()).some((all = []) => all.some((one) => one.address === address));

function deviceOf({ interface: asked }: FloatingIp): string {
  const device = asked ?? defaultDevice();
  if (device === undefined) throw networkFailure('This host has no default route: its pools need an interface');
  if (!DEVICE.test(device) || readLink(device) === null) throw networkFailure(`Interface ${device} not found.`);
  return device;
}
