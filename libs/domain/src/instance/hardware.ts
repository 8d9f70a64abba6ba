import type { DiskBus } from './disks';
import type { LaunchRequest } from './launch/request';

export const SCSI_MODELS = ['virtio-scsi', 'lsilogic', 'lsisas1068', 'lsisas1078', 'vmpvscsi'] as const;
export const NIC_MODELS = ['virtio', 'e1000', 'e1000e', 'rtl8139', 'ne2k_pci', 'pcnet', 'vmxnet3'] as const;
export const VIDEO_MODELS = ['cirrus', 'vga', 'virtio', 'qxl', 'vmvga', 'bochs', 'none'] as const;
export const WATCHDOG_ACTIONS = ['reset', 'poweroff', 'pause', 'none'] as const;
export const INPUT_BUSES = ['usb', 'virtio'] as const;

/** Of a network interface, as it looks from the guest: averages and peaks in KiB a second, a burst in KiB. */
export interface Bandwidth {
  readonly average: number;
  readonly peak?: number;
  readonly burst?: number;
}

/**
 * What the image and the flavor of a server change of its virtual machine, decided once, when it is launched, rebuilt or
 * resized. Part of the host protocol. What is absent is as in every other guest.
 */
export interface Hardware {
  /** QEMU's name of the machine, such as `q35` or `pc-i440fx-7.2`. */
  readonly machineType?: string;
  /** `secureBoot`: `optional` has it where the host has it. */
  readonly firmware?: { readonly type: 'uefi'; readonly secureBoot?: 'required' | 'optional' };
  /** Of the disks for which the tenant names no bus. */
  readonly diskBus?: DiskBus;
  /** Of the configuration drive, if that is a CD. */
  readonly cdromBus?: DiskBus;
  readonly scsiModel?: (typeof SCSI_MODELS)[number];
  readonly nicModel?: (typeof NIC_MODELS)[number];
  /** `ramMb`: of the adapter itself. */
  readonly video?: { readonly model?: (typeof VIDEO_MODELS)[number]; readonly ramMb?: number };
  /** A tablet and a keyboard on that bus. */
  readonly inputBus?: (typeof INPUT_BUSES)[number];
  /** Only a tablet, on USB. */
  readonly tablet?: true;
  readonly cpuTopology?: { readonly sockets: number; readonly cores: number; readonly threads: number };
  /** The performance monitoring unit of the processors. */
  readonly pmu?: boolean;
  /** No source of random numbers, or one that gives so many bytes a period, in milliseconds. */
  readonly rng?: 'none' | { readonly bytes: number; readonly periodMs: number };
  /** What happens when the guest does not feed its watchdog any more. */
  readonly watchdog?: (typeof WATCHDOG_ACTIONS)[number];
  /** A channel to the guest's QEMU guest agent. */
  readonly guestAgent?: true;
  /** The first one is the console. */
  readonly serialPorts?: number;
  /** The firmware lets a person choose what to boot. */
  readonly bootMenu?: true;
  /** For the image's own kernel, instead of the usual one. */
  readonly commandLine?: string;
  /** Whether the guest has a high precision event timer. */
  readonly hpet?: boolean;
  /** The guest's processors do not say that they are virtual. */
  readonly hiddenHypervisor?: true;
  /** The clock is as this system expects it. */
  readonly osType?: 'windows';
  /** Shares are relative to other guests; `quotaUs` of processor time in each `periodUs`, for each processor. */
  readonly cpuLimits?: { readonly shares?: number; readonly periodUs?: number; readonly quotaUs?: number };
  /** Of each disk, a second. */
  readonly diskLimits?: {
    readonly readBytes?: number;
    readonly writeBytes?: number;
    readonly totalBytes?: number;
    readonly readIops?: number;
    readonly writeIops?: number;
    readonly totalIops?: number;
  };
  readonly nicLimits?: { readonly inbound?: Bandwidth; readonly outbound?: Bandwidth };
}

/** Those properties of the server's image, in nova's words, that say something of the virtual machine. */
export type ImageProperties = Readonly<Record<string, string>>;

/** As nova reads booleans of images and, when it uses them, of flavors: a word that is not true is false. */
export const isTrueWord = (text: string): boolean => /^\s*(1|t|true|on|y|yes)\s*$/i.test(text);

/** The part of a server that its flavor decides, alone or with the image. */
export type Build = Pick<LaunchRequest, 'flavor' | 'extraSpecs' | 'hardware'>;

/** Of what also holds other things. */
export const buildOf = ({ flavor, extraSpecs, hardware }: Build): Build => ({
  flavor,
  ...(extraSpecs === undefined ? {} : { extraSpecs }),
  ...(hardware === undefined ? {} : { hardware }),
});
