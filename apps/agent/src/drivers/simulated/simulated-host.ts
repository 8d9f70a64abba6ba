import { EventEmitter, on } from 'node:events';
import type { InstanceSpec } from '@cairn/host-protocol';

import type { Finding, FloatingIp } from '../../ports/host-network.port';

import type { BlobFacts } from './image-source';
import {
  HOST_TABLES,
  type HostChange,
  type HostTable,
  type HostTables,
  type SimulatedDisks,
  type SimulatedPort,
  type StoredHost,
} from './stored-host';

/** The key of one of an instance's sets of disks. */
export const setKey = (instanceId: string, set: string | null = null): string =>
  set === null ? instanceId : `${instanceId}/${set}`;

export const instanceOfSet = (key: string): string => key.split('/')[0] ?? key;

/** Something happened on a simulated host that must never happen on a real one. */
export class InvariantBroken extends Error {}

/** Console kept per guest, as libvirt's log has a limit too. */
const CONSOLE_CHARS = 64 * 1024;

const NEW_DOMAIN = { running: false, paused: false, saved: false, starts: 0, console: '', unprinted: '' } as const;

const macsOf = ({ nics }: InstanceSpec): readonly string[] => nics.map(({ mac }) => mac);

class WatchedTable<V> extends Map<string, V> {
  constructor(private readonly changed: (key: string, value: V | null) => void) {
    super();
  }

  override set(key: string, value: V): this {
    this.changed(key, value); // first: what cannot be kept has not happened
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    if (super.has(key)) this.changed(key, null);
    return super.delete(key);
  }
}

/**
 * A machine in memory: what its kernel and its disk hold. It outlives the agent's process, and complains loudly when
 * the agent does to it what would harm a tenant on a real one.
 */
export class SimulatedHost {
  readonly domains = this.watched('domains');
  readonly ports = this.watched('ports');
  readonly images = this.watched('images');
  readonly disks = this.watched('disks');
  readonly security = this.watched('security');
  readonly floating = this.watched('floating');
  readonly peers = this.watched('peers');
  readonly names = this.watched('names');
  /** Nothing of its networks is there, until something is asked for again. */
  isTakenDown = false;
  /** What somebody has done to its network by hand, by name. It does not outlive the machine's power. */
  readonly damage = new Map<string, Finding>();
  /** Every invariant that was ever broken here, also where the agent made a failed job of the exception. */
  readonly violations: string[] = [];
  private readonly told = new EventEmitter();
  /** Called after each change with what changed, for a host that is kept in a file. */
  onChange: (change: HostChange) => void = () => undefined;

  constructor(stored: StoredHost = {}) {
    for (const table of HOST_TABLES) for (const [key, value] of stored[table] ?? []) this.put({ table, key, value });
  }

  toJSON(): StoredHost {
    return Object.fromEntries(HOST_TABLES.map((table) => [table, [...this[table]]]));
  }

  /** Takes a change over that a machine has told. */
  put({ table, key, value }: HostChange): void {
    const known: Map<string, unknown> = this[table];
    if (value === null) known.delete(key);
    else known.set(key, value);
  }

  /** The machine loses power and comes back: guests, taps and bridges are gone, the disk stays. */
  powerCycle(): void {
    for (const [id, { running }] of this.domains) if (running) this.stop(id);
    for (const tap of [...this.ports.keys()]) this.ports.delete(tap);
  }

  define(spec: InstanceSpec): void {
    const known = this.domains.get(spec.instanceId) ?? NEW_DOMAIN;
    if ('spec' in known && known.running && known.spec.diskSet?.id !== spec.diskSet?.id)
      this.broken(`${spec.instanceId} gets other disks while it runs`);
    this.domains.set(spec.instanceId, { ...NEW_DOMAIN, ...known, spec });
  }

  /** @param console what a guest prints while it boots; one whose memory was saved goes on without booting. */
  start(instanceId: string, console: string, paused = false): void {
    const domain = this.domains.get(instanceId);
    if (domain === undefined) this.broken(`start of ${instanceId}, which is not defined`);
    if (domain.running) this.broken(`second start of ${instanceId} while it runs`);
    const set = setKey(instanceId, domain.spec.diskSet?.id);
    if (!this.disks.has(set)) this.broken(`start of ${instanceId} without disks`);
    const taps = this.portsOf(instanceId).map(({ nic }) => nic.mac);
    const nics = domain.saved && domain.nics !== undefined ? domain.nics : macsOf(domain.spec);
    if (nics.some((mac) => !taps.includes(mac))) this.broken(`start of ${instanceId} with ${String(taps.length)} taps`);
    const started = { ...domain, nics, running: true, saved: false, starts: domain.starts + 1 };
    this.domains.set(instanceId, { ...started, paused: true, unprinted: domain.saved ? domain.unprinted : console });
    this.pause(instanceId, paused);
  }

  /** Gives a guest in memory the NICs that it is defined with, and takes all others from it. */
  changeNics(instanceId: string): void {
    const domain = this.domains.get(instanceId);
    if (domain?.running !== true) return;
    const nics = macsOf(domain.spec);
    const taps = this.portsOf(instanceId).map(({ nic }) => nic.mac);
    if (nics.some((mac) => !taps.includes(mac))) this.broken(`a NIC of ${instanceId} without a tap`);
    if (nics.join() !== domain.nics?.join()) this.domains.set(instanceId, { ...domain, nics });
  }

  stop(instanceId: string): void {
    const domain = this.domains.get(instanceId);
    if (domain === undefined || (!domain.running && !domain.saved)) return;
    const { frozen: _frozen, ...off } = domain;
    this.domains.set(instanceId, { ...off, running: false, paused: false, saved: false });
  }

  /** Holds or lets go on a guest in memory. */
  pause(instanceId: string, paused: boolean): void {
    const domain = this.domains.get(instanceId);
    if (domain?.running !== true) this.broken(`pause of ${instanceId}, which is not in memory`);
    const printed = (domain.console + domain.unprinted).slice(-CONSOLE_CHARS);
    const change = paused ? { paused } : { paused, console: printed, unprinted: '' };
    this.domains.set(instanceId, { ...domain, ...change });
  }

  /** Moves a guest's memory to the machine's disk. */
  save(instanceId: string): void {
    const domain = this.domains.get(instanceId);
    if (domain?.running !== true) this.broken(`save of ${instanceId}, which is not in memory`);
    this.domains.set(instanceId, { ...domain, running: false, paused: false, saved: true });
  }

  /** What a guest in memory writes to its console; one that is held writes it when it goes on. */
  print(instanceId: string, text: string): void {
    const domain = this.domains.get(instanceId);
    if (domain?.running !== true) this.broken(`output of ${instanceId}, which is not in memory`);
    this.domains.set(instanceId, { ...domain, unprinted: domain.unprinted + text });
    this.pause(instanceId, domain.paused);
  }

  /** The file systems of a guest that runs take no writes until they thaw, or the guest starts again. */
  freeze(instanceId: string): void {
    const domain = this.domains.get(instanceId);
    if (domain?.running !== true || domain.paused) this.broken(`freeze of ${instanceId}, which does not run`);
    this.domains.set(instanceId, { ...domain, frozen: true });
  }

  thaw(instanceId: string): void {
    const domain = this.domains.get(instanceId);
    if (domain?.frozen === undefined || !domain.running || domain.paused) return;
    const { frozen: _frozen, ...thawed } = domain;
    this.domains.set(instanceId, thawed);
  }

  portsOf(instanceId: string): readonly SimulatedPort[] {
    return [...this.ports.values()].filter((port) => port.instanceId === instanceId);
  }

  undefine(instanceId: string): void {
    this.stop(instanceId);
    this.domains.delete(instanceId);
  }

  plug(port: SimulatedPort): void {
    for (const other of this.ports.values()) {
      if (other.instanceId === port.instanceId && other.index === port.index) continue;
      if (other.tap === port.tap) this.broken(`two ports on tap ${port.tap}`);
      if (other.nic.network.networkId !== port.nic.network.networkId) continue;
      if (other.nic.address === port.nic.address) this.broken(`address ${port.nic.address} used twice`);
      if (other.nic.mac === port.nic.mac) this.broken(`MAC address ${port.nic.mac} used twice`);
    }
    this.ports.set(port.tap, port);
  }

  carry(floating: FloatingIp): void {
    for (const other of this.floating.values())
      if (other.id !== floating.id && other.address === floating.address)
        this.broken(`floating address ${floating.address} carried twice`);
    this.floating.set(floating.id, floating);
  }

  unplugAll(): void {
    for (const { instanceId } of [...this.ports.values()]) this.unplug(instanceId);
  }

  unplug(instanceId: string, stays: (port: SimulatedPort) => boolean = () => false): void {
    const domain = this.domains.get(instanceId);
    const used = domain?.running === true ? (domain.nics ?? macsOf(domain.spec)) : [];
    for (const port of this.portsOf(instanceId).filter((one) => !stays(one))) {
      if (used.includes(port.nic.mac)) this.broken(`a port of ${instanceId} taken while it runs`);
      this.ports.delete(port.tap);
    }
  }

  keepImage(facts: BlobFacts): void {
    const used = 1 + Math.max(0, ...[...this.images.values()].map((image) => image.used));
    this.images.set(facts.sha256, { facts, used });
  }

  dropImage(sha256: string): void {
    const user = [...this.disks].find(([, disks]) =>
      [disks.image, disks.kernel, disks.ramdisk, disks.rescue].includes(sha256),
    );
    if (user !== undefined) this.broken(`image ${sha256} removed while ${user[0]} uses it`);
    this.images.delete(sha256);
  }

  putDisks(set: string, disks: SimulatedDisks): void {
    const there = this.disks.get(set);
    if (there !== undefined && there.rootId === disks.rootId && there.image !== disks.image)
      this.broken(`the root disk of ${set} made over the existing one`);
    this.disks.set(set, disks);
  }

  /** Size of an instance's root disk as its guest sees it. */
  rootBytes(instanceId: string): number {
    const disks = this.disks.get(setKey(instanceId, this.domains.get(instanceId)?.spec.diskSet?.id));
    if (disks === undefined) this.broken(`copy of ${instanceId}, which has no disks`);
    return disks.rootBytes;
  }

  dropDisks(set: string): void {
    const domain = this.domains.get(instanceOfSet(set));
    const used = domain?.running === true && set === setKey(domain.spec.instanceId, domain.spec.diskSet?.id);
    if (used) this.broken(`disks of ${set} removed while it runs`);
    this.disks.delete(set);
  }

  /** Names of domains that have changed, from now on until the signal aborts. */
  async *changedDomains(signal: AbortSignal): AsyncIterable<string> {
    try {
      for await (const [name] of on(this.told, 'domain', { signal })) yield String(name);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  private watched<T extends HostTable>(table: T): Map<string, HostTables[T]> {
    return new WatchedTable((key, value) => {
      this.onChange({ table, key, value });
      if (table === 'domains') this.told.emit('domain', this.domains.get(key)?.spec.domainName ?? key);
    });
  }

  private broken(what: string): never {
    this.violations.push(what);
    throw new InvariantBroken(what);
  }
}
