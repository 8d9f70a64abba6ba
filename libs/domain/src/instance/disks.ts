import type { Hardware } from './hardware';
import type { FlavorSpec, LaunchRequest } from './launch/request';
import type { InstanceSpec } from './spec';

/** The local disks of a server: as they are asked for, and as its host makes them. Part of the host protocol. */

export const DISK_BUSES = ['virtio', 'scsi', 'ide', 'sata', 'usb'] as const;
export type DiskBus = (typeof DISK_BUSES)[number];

export const DISK_TYPES = ['disk', 'cdrom'] as const;

/** File systems that an ephemeral disk can be made with. */
export const FILE_SYSTEMS = ['ext2', 'ext3', 'ext4'] as const;
export type FileSystem = (typeof FILE_SYSTEMS)[number];

export const CONFIG_DRIVE_FORMATS = ['iso9660', 'vfat'] as const;
export type ConfigDriveFormat = (typeof CONFIG_DRIVE_FORMATS)[number];

/** How a guest is given a disk. */
interface DiskView {
  readonly bus: DiskBus;
  readonly type: (typeof DISK_TYPES)[number];
  /** Its place in the order in which the guest's firmware tries to boot, from 0. Absent: never. */
  readonly bootIndex?: number;
}

/** The disk that a rescued guest boots from, besides all that it has. */
export type RescueDisk = Pick<DiskView, 'bus' | 'type'>;

/** What is absent is as usual: a disk on virtio that the guest does not boot from. */
export interface DiskChoice extends Partial<DiskView> {
  /** A word that the guest finds it by in its metadata (compute API 2.32). */
  readonly tag?: string;
}

export interface EphemeralChoice extends DiskChoice {
  readonly sizeGb: number;
  /** Absent: the guest gets it as it is, empty. */
  readonly format?: FileSystem;
}

export interface SwapChoice extends DiskChoice {
  readonly sizeMb: number;
  /** What the flavor allowed then: with another flavor, the server has the swap of that (as in nova). */
  readonly flavorMb: number;
}

/** What a launch says of local disks. What is absent follows from the flavor. */
export interface LocalDisks {
  readonly root?: DiskChoice;
  readonly ephemeral?: readonly EphemeralChoice[];
  readonly swap?: SwapChoice;
}

/** A disk as its host makes it. The guest's own numbering decides its name there; nova shows this one. */
export type DiskSpec = DiskView & { readonly device: string } & (
    | { readonly role: 'root' }
    | { readonly role: 'ephemeral'; readonly sizeMb: number; readonly format?: FileSystem }
    | { readonly role: 'swap'; readonly sizeMb: number }
    /** @param id tells it from the one before, which is not up to date any more. Absent: the one of the launch. */
    | { readonly role: 'config'; readonly format: ConfigDriveFormat; readonly id?: string }
  );

export type NamedDisk = DiskSpec & Pick<DiskChoice, 'tag'>;

interface Asked extends Pick<LaunchRequest, 'localDisks' | 'configDrive' | 'hardware'> {
  readonly flavor: Pick<FlavorSpec, 'ephemeralGb' | 'swapMb'>;
}

const PREFIX: Readonly<Record<DiskBus, string>> = { virtio: 'vd', scsi: 'sd', sata: 'sd', usb: 'sd', ide: 'hd' };
const MIB_PER_GIB = 1024;

/** `vda` … `vdz`, `vdaa` … by the order of a bus's disks. */
export function diskNameOf(bus: DiskBus, taken: ReadonlySet<string> = new Set()): string {
  for (let index = 0; ; index += 1) {
    const letters = index < 26 ? letter(index) : letter(Math.floor(index / 26) - 1) + letter(index % 26);
    const name = PREFIX[bus] + letters;
    if (!taken.has(name)) return name;
  }
}

const letter = (index: number): string => String.fromCharCode(97 + index);

/** The bus that is asked for, or one that the machine has: the newer machine has no IDE. */
const busOfCd = ({ machineType = '', cdromBus }: Hardware = {}): DiskBus =>
  cdromBus ?? (machineType.includes('q35') ? 'sata' : 'ide');

/**
 * All local disks of a server in nova's order: root, ephemeral ones, swap, configuration drive. As with nova's libvirt
 * driver, the names that a tenant asks for are not used.
 * @param configDriveId see DiskSpec.
 */
export function namedDisks(
  { flavor, localDisks = {}, configDrive, hardware }: Asked,
  configDriveId?: string,
): readonly NamedDisk[] {
  const taken = new Set<string>();
  const view = ({ bus = hardware?.diskBus ?? 'virtio', type = 'disk', bootIndex, tag }: DiskChoice) => {
    const device = diskNameOf(bus, taken);
    taken.add(device);
    return {
      device,
      bus,
      type,
      ...(bootIndex === undefined ? {} : { bootIndex }),
      ...(tag === undefined ? {} : { tag }),
    };
  };
  const { root = {}, swap } = localDisks;
  const { ephemeral = flavor.ephemeralGb > 0 ? [{ sizeGb: flavor.ephemeralGb }] : [] } = localDisks;
  const swapMb = swap?.flavorMb === flavor.swapMb ? swap.sizeMb : flavor.swapMb;
  return [
    { role: 'root', ...view({ bootIndex: 0, ...root }) },
    ...ephemeral.map(({ sizeGb, format, ...choice }: EphemeralChoice) => ({
      role: 'ephemeral' as const,
      sizeMb: sizeGb * MIB_PER_GIB,
      ...(format === undefined ? {} : { format }),
      ...view(choice),
    })),
    ...(swapMb > 0 ? [{ role: 'swap' as const, sizeMb: swapMb, ...view(swap ?? {}) }] : []),
    ...(configDrive === undefined
      ? []
      : [
          {
            role: 'config' as const,
            format: configDrive,
            ...(configDriveId === undefined ? {} : { id: configDriveId }),
            ...view(configDrive === 'iso9660' ? { bus: busOfCd(hardware), type: 'cdrom' } : {}),
          },
        ]),
  ];
}

/** The name of the root disk: the first one of its bus. */
export const rootNameOf = ({ bus }: DiskChoice, { diskBus = 'virtio' }: Hardware): string => diskNameOf(bus ?? diskBus);

/** The disks as a job names them; undefined where they follow from the flavor. */
export function askedDisks(asked: Asked, configDriveId?: string): readonly DiskSpec[] | undefined {
  const { localDisks, configDrive, hardware: { diskBus } = {} } = asked;
  if ((localDisks ?? configDrive ?? diskBus) === undefined) return undefined;
  return namedDisks(asked, configDriveId).map(({ tag: _tag, ...disk }) => disk);
}

/** All disks that a guest has of its own, in the order in which it is given them. */
export const disksOf = ({
  disks,
  ephemeralGb,
  swapMb,
}: Pick<InstanceSpec, 'disks' | 'ephemeralGb' | 'swapMb'>): readonly DiskSpec[] =>
  disks ?? namedDisks({ flavor: { ephemeralGb, swapMb } });
