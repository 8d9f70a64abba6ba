import {
  addressesOf,
  type Effect,
  effectName,
  type FlavorSpec,
  type Instance,
  isInMemory,
  isOn,
  powerIn,
} from '@cairn/domain';

import { short } from '../log-answers';

import type { Auditor } from './auditor';

/** A guest as it is on its host: in memory, held there, or with its memory saved. */
export interface FoundDomain {
  readonly running: boolean;
  readonly paused: boolean;
  readonly saved: boolean;
}

/** The findings on a host, simulated or not, by instance; ports by tap. */
export interface FoundMachine {
  readonly domains: ReadonlyMap<string, FoundDomain>;
  readonly disks: ReadonlyMap<string, unknown>;
  readonly ports: ReadonlyMap<string, { readonly instanceId: string; readonly nic: { readonly mac: string } }>;
}

/** A host as it is at the end. */
interface Found {
  readonly name: string;
  readonly hostId: string;
  readonly host: FoundMachine;
}

type Complain = (violation: string) => void;

export interface Patience {
  /** A reservation whose launch is not known to have begun may wait until it is settled. */
  readonly reservationsMayWait?: boolean;
  /** What waits for a later moment by its nature may still be owed. */
  readonly now?: string;
}

/** Whether it is the end of a soft-deleted server whose time is not over: that waits without anybody's fault. */
export const mayWait = ({ effect }: { readonly effect: Effect }, now: string): boolean =>
  effectName(effect) === 'ReclaimInstance' && (effect.notBefore ?? '') > now;

/** Everything that must hold once nothing goes wrong any more and nobody has anything left to do. */
export function checkSettled(
  auditor: Auditor,
  machines: readonly Found[],
  { reservationsMayWait = false, now = '9999' }: Patience = {},
): void {
  const complain: Complain = (violation) => {
    auditor.claim(`at the end: ${violation}`);
  };
  const live = auditor
    .all('instance')
    .filter(([, { vmState, request }]) => request !== undefined && vmState !== 'deleted');
  if (!reservationsMayWait) checkOwed(auditor, now, complain);
  if (!reservationsMayWait) checkNames(auditor, complain);
  for (const [id, instance] of live) checkEnded(id, instance, complain);
  if (!reservationsMayWait) checkQuota(auditor, live, complain);
  checkClaims(auditor, live, complain);
  checkAddresses(auditor, live, complain);
  for (const machine of machines) checkMachine(machine, new Map(live), complain);
}

function checkOwed(auditor: Auditor, now: string, complain: Complain): void {
  for (const { stream, effect } of auditor.owed().filter((one) => !mayWait(one, now))) {
    complain(`${short(stream)} still owes ${effectName(effect)} (${effect.id})`);
  }
}

/** A name without its flavor is free: an interrupted creation does not hold it. */
function checkNames(auditor: Auditor, complain: Complain): void {
  const flavors = new Map(auditor.all('flavor'));
  const registry = auditor.of('registry', 'flavornames');
  for (const [name, ownerId] of registry?.held.entries() ?? []) {
    if (flavors.get(ownerId)?.record?.name.toLowerCase() !== name)
      complain(`the name ${name} is held for ${ownerId}, which is no flavor of that name`);
  }
}

function checkEnded(id: string, { placement, operation, vmState, fault }: Instance, complain: Complain): void {
  if (placement !== undefined || vmState === 'building') complain(`${id} is still being launched`);
  if (operation !== undefined) complain(`${id} is still doing ${operation.name}`);
  if (vmState === 'error' && fault === undefined) complain(`${id} is in error for no reason`);
}

const same = (a: Iterable<string>, b: Iterable<string>): boolean =>
  JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());

type Live = readonly (readonly [string, Instance])[];

/** A server counts against its project until it is deleted, in whatever state. */
function checkQuota(auditor: Auditor, live: Live, complain: Complain): void {
  for (const [projectId, quota] of auditor.all('quota')) {
    const owners = [...quota.held.values()].map(({ owner }) => owner);
    const counted = owners.filter(({ category }) => category === 'instance').map(({ id }) => id);
    const servers = live.filter(([, { request }]) => request?.projectId === projectId);
    if (
      !same(
        counted,
        servers.map(([id]) => id),
      )
    ) {
      complain(`quota of ${projectId} counts ${counted.join(' ')}, servers are ${servers.map(([id]) => id).join(' ')}`);
    }
    const sumOf = (name: string, of: (flavor: FlavorSpec) => number): number =>
      servers.reduce(
        (sum, [, { request, reserved }]) => sum + (reserved?.[name] ?? (request ? of(request.flavor) : 0)),
        0,
      );
    const ram = sumOf('ram', ({ ramMb }) => ramMb);
    const cores = sumOf('cores', ({ vcpus }) => vcpus);
    const { usage } = quota;
    const { instances = 0, cores: usedCores = 0, ram: usedRam = 0 } = usage;
    if (instances !== servers.length || usedRam !== ram || usedCores !== cores)
      complain(`usage of ${projectId} is ${JSON.stringify(usage)} for ${String(servers.length)} servers`);
    if (quota.unconfirmed.size > 0) complain(`quota of ${projectId} has reservations that are not settled`);
  }
}

function checkClaims(auditor: Auditor, live: Live, complain: Complain): void {
  for (const [hostId, { claims, name }] of auditor.all('host')) {
    const held = [...claims.entries()].map(([id]) => id);
    const wanted = live.flatMap(([, { host, former }]) =>
      [host, former?.host].flatMap((one) => (one?.hostId === hostId && one.claimed ? [one.claimId] : [])),
    );
    if (!same(held, wanted)) complain(`${name} holds claims ${held.join(' ')}, servers have ${wanted.join(' ')}`);
  }
}

function checkAddresses(auditor: Auditor, live: Live, complain: Complain): void {
  for (const [networkId, { claims, taken, macs }] of auditor.all('network')) {
    const held = [...claims.values()].map(({ claimId, address, mac }) => `${claimId} ${address} ${mac}`);
    const wanted = live.flatMap(([, instance]) =>
      addressesOf(instance)
        .filter(({ network }) => network.networkId === networkId)
        .map(({ claimId, address, mac }) => `${claimId} ${address} ${mac}`),
    );
    if (!same(held, wanted))
      complain(`network ${networkId} holds ${held.join(', ')}; servers have ${wanted.join(', ')}`);
    if (taken.size !== claims.size || macs.size !== claims.size) complain(`network ${networkId} counts wrongly`);
  }
}

/** A server that was resized is as it was before: on, unless it was stopped. */
const isRunning = (instance: Instance): boolean => isInMemory(instance.vmState) && isOn(powerIn(instance));

/** The sets of disks that a server has on a host, by which the machine keeps them. */
function setsOn(hostId: string, id: string, { host, diskSet, former }: Instance): readonly string[] {
  const key = (set: string | undefined): string => (set === undefined ? id : `${id}/${set}`);
  return [
    ...(host?.hostId === hostId ? [key(diskSet)] : []),
    ...(former?.host.hostId === hostId ? [key(former.diskSet)] : []),
  ];
}

/** A machine holds exactly what the log says. */
function checkMachine({ host, hostId, name }: Found, live: ReadonlyMap<string, Instance>, complain: Complain): void {
  const belongs = (id: string): boolean => live.get(id)?.host?.hostId === hostId;
  const mayReturn = (id: string): boolean => live.get(id)?.former?.host.hostId === hostId;
  const stays = (id: string): boolean => belongs(id) || mayReturn(id);
  for (const id of host.domains.keys()) if (!stays(id)) complain(`domain ${id} is left on ${name}`);
  const sets = new Map([...live].flatMap(([id, one]) => setsOn(hostId, id, one).map((key) => [key, one] as const)));
  for (const key of host.disks.keys()) if (!sets.has(key)) complain(`disks of ${key} are left on ${name}`);
  for (const [key, { vmState }] of sets)
    if (vmState !== 'error' && !host.disks.has(key)) complain(`${key} has no disks on ${name}`);
  for (const { instanceId } of host.ports.values())
    if (!stays(instanceId)) complain(`a port of ${instanceId} is left on ${name}`);
  for (const [id, domain] of host.domains)
    if (!belongs(id) && mayReturn(id) && domain.running) complain(`${id} runs on ${name}, which it has left`);
  for (const [id, instance] of live) {
    if (!belongs(id) || instance.vmState === 'error') continue;
    const domain = host.domains.get(id);
    if (domain === undefined) complain(`${id} is ${instance.vmState} but has no domain on ${name}`);
    else if (domain.running !== isRunning(instance))
      complain(`${id} is ${instance.vmState} but its domain on ${name} is ${domain.running ? 'running' : 'off'}`);
    else if (domain.paused !== (instance.vmState === 'paused'))
      complain(`${id} is ${instance.vmState} but its domain on ${name} is ${domain.paused ? '' : 'not '}paused`);
    else if (domain.saved && instance.vmState !== 'suspended')
      complain(`${id} is ${instance.vmState} but ${name} keeps its saved memory`);
    const ports = [...host.ports.values()].filter((port) => port.instanceId === id);
    if (
      isRunning(instance) &&
      !same(
        ports.map(({ nic }) => nic.mac),
        addressesOf(instance).map(({ mac }) => mac),
      )
    )
      complain(`${id} has other ports on ${name} than addresses`);
  }
}
