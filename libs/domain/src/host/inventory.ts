/** What an agent found on its host. */
export interface Inventory {
  readonly hostname: string;
  readonly hostIp: string;
  readonly vcpus: number;
  readonly ramMb: number;
  readonly diskGb: number;
  /** As nova shows it: `QEMU` for libvirt (KVM or TCG), `fake` for the simulated driver. */
  readonly hypervisorType: 'QEMU' | 'fake';
  /** major * 1,000,000 + minor * 1,000 + micro. */
  readonly hypervisorVersion: number;
  /** What the probe found to boot a guest: `kvm`, `tcg`, or `simulated`. */
  readonly virtType: 'kvm' | 'tcg' | 'simulated';
  /** False: guests that were running when the host restarted are not started again. Absent: they are. */
  readonly resumesGuests?: boolean;
  readonly cpu: {
    readonly arch: string;
    readonly model: string;
    readonly vendor: string;
    readonly sockets: number;
    readonly cores: number;
    readonly threads: number;
    readonly features: readonly string[];
  };
  /** What it can do for guests (`capabilitiesOf`). Absent: only what every guest has. */
  readonly capabilities?: readonly string[];
}
