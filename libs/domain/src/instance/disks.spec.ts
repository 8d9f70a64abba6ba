import { disksOf, type LocalDisks, namedDisks, rootNameOf } from './disks';
import type { Hardware } from './hardware';

const flavor = { flavorId: '1', name: 'm', vcpus: 1, ramMb: 1, rootGb: 1, ephemeralGb: 0, swapMb: 0 };

/** `role=device:bus`, with what else is said of each. */
const told = (localDisks?: LocalDisks, over: object = {}, configDrive?: 'iso9660' | 'vfat'): readonly string[] =>
  namedDisks({
    flavor: { ...flavor, ...over },
    ...(localDisks === undefined ? {} : { localDisks }),
    ...(configDrive === undefined ? {} : { configDrive }),
  }).map(({ role, device, bus, type, bootIndex, ...disk }) =>
    [`${role}=${device}:${bus}`, type, bootIndex, 'sizeMb' in disk ? disk.sizeMb : undefined, disk.tag]
      .filter((part) => part !== undefined)
      .join(' '),
  );

describe('the local disks of a server', () => {
  it('follow from its flavor: root, ephemeral disk, swap', () => {
    expect(told()).toEqual(['root=vda:virtio disk 0']);
    expect(told(undefined, { ephemeralGb: 2, swapMb: 64 })).toEqual([
      'root=vda:virtio disk 0',
      'ephemeral=vdb:virtio disk 2048',
      'swap=vdc:virtio disk 64',
    ]);
    expect(told(undefined, { swapMb: 64 })).toEqual(['root=vda:virtio disk 0', 'swap=vdb:virtio disk 64']);
  });

  it('are what was asked for instead, each bus with names of its own', () => {
    const asked: LocalDisks = {
      root: { bus: 'scsi' },
      ephemeral: [
        { sizeGb: 1, tag: 'log' },
        { sizeGb: 2, bus: 'ide', bootIndex: 1 },
        { sizeGb: 3, bus: 'sata' },
      ],
      swap: { sizeMb: 32, flavorMb: 64 },
    };
    expect(told(asked, { ephemeralGb: 9, swapMb: 64 }, 'iso9660')).toEqual([
      'root=sda:scsi disk 0',
      'ephemeral=vda:virtio disk 1024 log',
      'ephemeral=hda:ide disk 1 2048',
      'ephemeral=sdb:sata disk 3072',
      'swap=vdb:virtio disk 32',
      'config=hdb:ide cdrom',
    ]);
  });

  it('have the swap of another flavor, and the one that was asked for with the old flavor again', () => {
    const asked: LocalDisks = { swap: { sizeMb: 32, flavorMb: 64 } };
    expect(told(asked, { swapMb: 128 })).toContain('swap=vdb:virtio disk 128');
    expect(told(asked, { swapMb: 0 })).toEqual(['root=vda:virtio disk 0']);
    expect(told(asked, { swapMb: 64 })).toContain('swap=vdb:virtio disk 32');
    expect(told({ swap: { sizeMb: 0, flavorMb: 64 } }, { swapMb: 64 })).toHaveLength(1);
  });

  it('end with a configuration drive, as a CD-ROM or as one more disk', () => {
    expect(told(undefined, { swapMb: 1 }, 'iso9660').at(-1)).toBe('config=hda:ide cdrom');
    expect(told(undefined, { swapMb: 1 }, 'vfat').at(-1)).toBe('config=vdc:virtio disk');
  });

  it('go on after the letter z', () => {
    const ephemeral = Array.from({ length: 27 }, () => ({ sizeGb: 1 }));
    const names = namedDisks({ flavor, localDisks: { ephemeral } }).map(({ device }) => device);
    expect([names[25], names[26], names[27]]).toEqual(['vdz', 'vdaa', 'vdab']);
  });

  it('are those of the flavor in a job that does not list them', () => {
    const sizes = { ephemeralGb: 1, swapMb: 64 };
    expect(disksOf(sizes)).toEqual(namedDisks({ flavor: { ...flavor, ...sizes } }));
    const [root] = namedDisks({ flavor });
    expect(disksOf({ ...sizes, disks: root === undefined ? [] : [root] })).toEqual([root]);
  });
});

describe('the bus that an image asks for', () => {
  const named = (hardware: Hardware, localDisks: LocalDisks = {}, configDrive: 'iso9660' | 'vfat' = 'iso9660') =>
    namedDisks({ flavor: { ...flavor, ephemeralGb: 1, swapMb: 64 }, localDisks, configDrive, hardware }).map(
      ({ device, bus }) => `${device}:${bus}`,
    );

  it('is that of all disks for which the tenant asks for none', () => {
    expect(named({ diskBus: 'scsi' })).toEqual(['sda:scsi', 'sdb:scsi', 'sdc:scsi', 'hda:ide']);
    expect(named({ diskBus: 'sata', machineType: 'q35' })).toEqual(['sda:sata', 'sdb:sata', 'sdc:sata', 'sdd:sata']);
    expect(named({ diskBus: 'scsi' }, { root: { bus: 'virtio' } }, 'vfat')).toEqual([
      'vda:virtio',
      'sda:scsi',
      'sdb:scsi',
      'sdc:scsi',
    ]);
  });

  it('is another one for the CD', () => {
    expect(named({ cdromBus: 'usb' }).at(-1)).toBe('sda:usb');
  });

  it('gives the root disk its name', () => {
    expect(rootNameOf({}, {})).toBe('vda');
    expect(rootNameOf({}, { diskBus: 'ide' })).toBe('hda');
    expect(rootNameOf({ bus: 'usb' }, { diskBus: 'ide' })).toBe('sda');
  });
});
