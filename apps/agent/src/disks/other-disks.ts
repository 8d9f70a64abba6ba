import { disksOf, type InstanceSpec } from '@cairn/host-protocol';

import type { OtherDiskSpec } from '../ports/hypervisor.port';

import { named } from './disk-files';

/** A disk besides the root disk, and the name of its file in the set. */
export interface NamedFile<D extends OtherDiskSpec = OtherDiskSpec> {
  readonly disk: D;
  readonly file: string;
  /** Among those of its role, from 0. */
  readonly number: number;
}

/** The disks of a guest besides its root disk: `disk.eph`, `disk.eph1` …, `disk.swap`, `disk.config`. */
export function otherDisks(spec: InstanceSpec): readonly NamedFile[] {
  const others = disksOf(spec).filter((disk) => disk.role !== 'root');
  const ephemeral = others.filter(({ role }) => role === 'ephemeral');
  return others.map((disk) => {
    const number = Math.max(0, ephemeral.indexOf(disk));
    return { disk, number, file: fileOf(disk, number, spec) };
  });
}

function fileOf(disk: OtherDiskSpec, number: number, { ephemeralId }: InstanceSpec): string {
  switch (disk.role) {
    case 'ephemeral':
      return named(number === 0 ? 'disk.eph' : `disk.eph${String(number)}`, ephemeralId);
    case 'swap':
      return 'disk.swap';
    case 'config':
      return named('disk.config', disk.id);
  }
}
