/**
 * What an image demands of the machine that it runs on (nova's ImagePropertiesFilter), each in nova's canonical word. A
 * demand that is absent is none.
 */
export interface MachineNeeds {
  /** Of the processor: `x86_64`, `i686`, `aarch64`, … */
  readonly architecture?: string;
  /** `qemu`, `kvm`, `xen`, … */
  readonly hypervisorType?: string;
  /** Comparisons that all must hold, such as `>=6.2,<8`. */
  readonly hypervisorVersion?: string;
  /** How the machine is virtualised: `hvm`, `xen`, `uml`, `exe`. */
  readonly vmMode?: string;
}
