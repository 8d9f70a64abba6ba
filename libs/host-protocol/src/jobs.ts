/**
 * What the controller asks of a host. A job carries the whole desired state of one instance, never steps: the agent
 * compares it with what exists and does what is missing, so a repeated job converges (HOST.md).
 */

/** A content-addressed image blob; `format` is what the image's owner claims and the agent verifies. */
export interface ImageSpec {
  readonly imageId: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Glance's disk_format: raw, qcow2, ami (a raw file system), aki (a kernel), ari (a ramdisk), … */
  readonly format: string;
}

/** A flat DHCP network as the host must realise it: a bridge with the gateway address, DHCP, NAT and metadata. */
export interface NetworkSpec {
  readonly networkId: string;
  readonly label: string;
  readonly bridge: string;
  readonly cidr: string;
  readonly gateway: string;
  /** Address of name servers handed out by DHCP; empty means the gateway itself. */
  readonly dns: readonly string[];
  readonly domain: string;
  readonly mtu: number;
}

export interface NicSpec {
  readonly network: NetworkSpec;
  readonly mac: string;
  readonly address: string;
}

export interface InstanceSpec {
  readonly instanceId: string;
  readonly projectId: string;
  /** The domain's name, `instance-%08x` of the instance's number. */
  readonly domainName: string;
  readonly hostname: string;
  readonly vcpus: number;
  readonly ramMb: number;
  /** 0 means as large as the image (nova's rule for root_gb 0). */
  readonly rootGb: number;
  readonly ephemeralGb: number;
  readonly swapMb: number;
  readonly image: ImageSpec;
  readonly kernel: ImageSpec | null;
  readonly ramdisk: ImageSpec | null;
  readonly nics: readonly NicSpec[];
  readonly power: 'running' | 'stopped';
}

interface JobBase {
  /** The effect's id; also the BullMQ job id. One effect id has one outcome. */
  readonly effectId: string;
  readonly hostId: string;
  readonly instanceId: string;
  /** Grows with each change of what is desired; a job older than the newest seen is answered `agent.job-superseded.v1`. */
  readonly generation: number;
}

/** Make the instance exist with its disks, network and power state. `soft` stops ask the guest by ACPI first. */
export interface EnsureInstanceJob extends JobBase {
  readonly kind: 'ensure-instance';
  readonly spec: InstanceSpec;
}

/** Restart the guest: soft asks it by ACPI and falls back to hard; hard resets and re-creates what is missing. */
export interface RebootInstanceJob extends JobBase {
  readonly kind: 'reboot-instance';
  readonly type: 'soft' | 'hard';
  readonly spec: InstanceSpec;
}

/** Leave nothing of the instance on the host: domain, disks, taps, leases, rules. */
export interface RemoveInstanceJob extends JobBase {
  readonly kind: 'remove-instance';
}

export type HostJob = EnsureInstanceJob | RebootInstanceJob | RemoveInstanceJob;

/** A question, not an effect: nothing is recorded and the answer goes to `PUT /v1/replies/{requestId}`. */
export interface ReadConsoleQuery {
  readonly kind: 'read-console';
  readonly requestId: string;
  readonly instanceId: string;
  /** How many of the last lines; null means all that is kept. */
  readonly lines: number | null;
}

export type HostMessage = HostJob | ReadConsoleQuery;
