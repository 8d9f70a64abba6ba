import type { DiskSpec, GuestDiagnostics, InstanceFacts, InstanceSpec, Inventory } from '@cairn/host-protocol';

/** Where the disks of an instance are on this host. */
export interface InstanceDisks {
  /** The root disk: a qcow2 overlay whose backing file is the cached image, which is never written. */
  readonly root: string;
  /** The disk that a rescued guest boots from; kernel and ramdisk are then of its image. */
  readonly rescue?: string;
  /** The other disks of the spec, in its order. */
  readonly others: readonly OtherDisk[];
  readonly kernel: string | null;
  readonly ramdisk: string | null;
}

/** A disk besides the root disk: a file of plain sectors. */
export type OtherDisk = OtherDiskSpec & { readonly path: string };
export type OtherDiskSpec = Exclude<DiskSpec, { role: 'root' }>;

/** One NIC as plugged by `HostNetwork`: the tap that the domain must use. */
export interface PluggedNic {
  readonly mac: string;
  readonly tap: string;
  readonly mtu: number;
}

export interface DomainSpec {
  readonly spec: InstanceSpec;
  readonly disks: InstanceDisks;
  readonly nics: readonly PluggedNic[];
}

export type PowerState = InstanceFacts['power'];

export interface DomainState {
  readonly instanceId: string;
  readonly name: string;
  readonly power: PowerState;
}

/** A guest has become something else: by itself, by a job, or by an action on its host. */
export interface DomainChange {
  /** Of the domain. */
  readonly name: string;
  /** Why, as far as the hypervisor tells: one sentence. */
  readonly cause: string;
}

/** A whole qcow2 image, without a backing file, of what a disk held at one moment. */
export interface DiskCopy {
  /** Whether the guest's file systems were frozen when it was taken. Absent: not known any more. */
  readonly quiesced?: boolean;
  readonly sizeBytes: number;
  bytes(): AsyncIterable<Uint8Array>;
  /** Takes the copy away. */
  discard(): Promise<void>;
}

/** Runs guests. Every verb converges: repeated, it changes nothing and answers the same. */
export interface Hypervisor {
  /** Finds what boots a guest here (by booting one, not by asking) and what the host has. Cached per boot of the machine. */
  inventory(): Promise<Inventory>;
  /**
   * Defines the domain if it is missing or differs, then brings it to `spec.power`; a stop asks by ACPI, then insists. A
   * guest that comes back from `paused` or `suspended` goes on where it was. Copies of its disk go, and file systems that
   * an agent that died has left frozen thaw.
   */
  ensure(domain: DomainSpec): Promise<PowerState>;
  /**
   * Not idempotent: the journal makes sure that it happens once. Ends with the domain running, in another incarnation
   * (soft: asks by ACPI, waits, starts again; hard: ends and starts again).
   */
  reboot(domain: DomainSpec, type: 'soft' | 'hard'): Promise<PowerState>;
  /**
   * Copies the root disk as it is at one moment: of a guest that runs while it goes on, of a suspended or stopped one as
   * it lies. The disk and what it lies over are not written. A copy of that name from a try that was cut off, if it is
   * whole, is the answer.
   * @param quiesce has the agent of a guest that runs freeze its file systems for that moment, and no longer. `try`: the
   * disk is copied also where the agent does not.
   * @throws JobFailure `guest.not-quiesced` where that is required and the agent does not.
   */
  copyRoot(domain: DomainSpec, name: string, quiesce?: 'try' | 'require'): Promise<DiskCopy>;
  /** Ends and undefines the domain, if there is one. */
  remove(instanceId: string): Promise<void>;
  /**
   * Names the incarnation of a guest in memory (QEMU's pid and start time, say): another one after every start, null
   * when there is none. It tells, after a crash of the agent, whether a reboot has happened already.
   */
  incarnation(instanceId: string): Promise<string | null>;
  /** Every domain on the host that Cairn made, and any other under its real name with instanceId ''. */
  list(): Promise<readonly DomainState[]>;
  /** Of one guest, as `list` says it, without a look at the others; `absent` without a domain that Cairn made. */
  powerOf(instanceId: string): Promise<PowerState>;
  /** Tells of domains that start, stop, pause or go on, from now on until the signal aborts; others' domains, too. */
  changes(signal: AbortSignal): AsyncIterable<DomainChange>;
  /** The last lines of the serial console (null: all that is kept); '' when there is none yet. */
  readConsole(instanceId: string, lines: number | null): Promise<string>;
  /** How a guest does; of one that does not run, its power alone. */
  diagnostics(instanceId: string): Promise<GuestDiagnostics>;
  /**
   * Gives a guest in memory a non-maskable interrupt.
   * @throws JobFailure where the guest is not in memory.
   */
  injectNmi(instanceId: string): Promise<PowerState>;
  /**
   * Gives a user of the guest another password, by the agent in the guest.
   * @throws JobFailure `guest.silent` where no agent answers, `guest.refused` where the guest does not take it.
   */
  setPassword(instanceId: string, user: string, password: string): Promise<PowerState>;
  /** How long the machine has been up and how busy it is, as the `uptime` command says it. */
  uptime(): Promise<string>;
}
