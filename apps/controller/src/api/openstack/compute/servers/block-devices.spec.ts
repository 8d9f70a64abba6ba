import { HttpProblem } from '../../../http';
import { askedDisks } from './block-devices';

const IMAGE = '70a599e0-31e7-49b7-b260-868f441e862b';
const ROOT = { uuid: IMAGE, source_type: 'image', destination_type: 'local', boot_index: 0 } as const;
const BLANK = { source_type: 'blank', destination_type: 'local', boot_index: -1 } as const;

const refusal = (server: Parameters<typeof askedDisks>[0]): string => {
  try {
    askedDisks({ imageRef: IMAGE, ...server });
  } catch (error) {
    if (error instanceof HttpProblem) return `${String(error.getStatus())} ${error.text ?? ''}`;
    throw error;
  }
  return 'none';
};

const v2 = (...devices: readonly object[]): ReturnType<typeof askedDisks> =>
  askedDisks({ imageRef: IMAGE, block_device_mapping_v2: [...devices] });

describe('block_device_mapping_v2', () => {
  it('asks for nothing where it is not given, and for the usual root disk as clients send it', () => {
    expect(askedDisks({ imageRef: IMAGE })).toBeUndefined();
    expect(askedDisks({ imageRef: IMAGE, block_device_mapping_v2: [] })).toBeUndefined();
    expect(v2({ ...ROOT, delete_on_termination: true })).toEqual({ root: {}, ephemeral: [], swap: [] });
    expect(v2({ ...ROOT, boot_index: '0' }, { no_device: true, device_name: 'vdc' })).toEqual(v2(ROOT));
  });

  it('asks for empty disks and a swap, as nova boot and openstack server create send them', () => {
    expect(
      v2(
        ROOT,
        { ...BLANK, volume_size: '1', guest_format: 'ext4', delete_on_termination: true },
        { ...BLANK, volume_size: 2, guest_format: '' },
        { ...BLANK, guest_format: 'swap', volume_size: '512' },
      ),
    ).toEqual({
      root: {},
      ephemeral: [{ sizeGb: 1, format: 'ext4' }, { sizeGb: 2 }],
      swap: [{ sizeMb: 512 }],
    });
  });

  it('says the bus, the type, the place in the boot order and the tag of each, and leaves the names to the host', () => {
    expect(
      v2(
        { ...ROOT, disk_bus: 'scsi', tag: 'os' },
        { ...BLANK, boot_index: 1, disk_bus: 'ide', device_name: '/dev/vdz' },
        { ...BLANK, device_type: 'cdrom', boot_index: null },
        { ...BLANK, disk_bus: 'xen', device_type: 'whatever' },
        { ...BLANK, disk_bus: 'virtio' },
      ),
    ).toEqual({
      root: { bus: 'scsi', tag: 'os' },
      ephemeral: [
        { bus: 'ide', bootIndex: 1, sizeGb: null },
        { bus: 'ide', type: 'cdrom', sizeGb: null },
        { sizeGb: null },
        { bus: 'virtio', sizeGb: null },
      ],
      swap: [],
    });
  });

  it.each<[string, readonly object[], string]>([
    ['no source', [ROOT, { destination_type: 'local' }], 'Some required fields are missing'],
    ['a blank disk of something', [ROOT, { ...BLANK, uuid: IMAGE }], 'Invalid device UUID.'],
    ['an image without its id', [{ ...ROOT, uuid: undefined }], 'Missing device UUID.'],
    ['an image that nobody boots from', [{ ...ROOT, boot_index: 1 }], 'Mapping image to local is not supported.'],
    ['a legacy field', [ROOT, { ...BLANK, virtual_name: 'swap' }], 'Following fields are invalid: virtual_name'],
    [
      'a type of volume for a local disk',
      [ROOT, { ...BLANK, volume_type: 'lvm' }],
      'Specifying a volume_type with destination_type=local is not supported.',
    ],
    [
      'a type for a volume that is there',
      [ROOT, { source_type: 'volume', destination_type: 'volume', uuid: IMAGE, volume_type: 'lvm' }],
      'Specifying volume type to existing volume is not supported.',
    ],
    ...(
      [
        ['no first device', [BLANK]],
        ['two first devices', [ROOT, { ...BLANK, boot_index: 0 }]],
        ['a gap', [ROOT, { ...BLANK, boot_index: 2 }]],
        ['an empty disk to boot from', [{ ...BLANK, boot_index: 0 }]],
      ] as const
    ).map(
      ([what, devices]) =>
        [what, devices, 'Boot sequence for the instance and image/block device mapping combination is not valid.'] as [
          string,
          readonly object[],
          string,
        ],
    ),
    ['a volume', [ROOT, { source_type: 'volume', uuid: IMAGE }], `failed to get volume ${IMAGE}.`],
    ['a snapshot', [ROOT, { source_type: 'snapshot', uuid: IMAGE }], `failed to get snapshot ${IMAGE}.`],
    [
      'a new volume',
      [ROOT, { source_type: 'blank', destination_type: 'volume', volume_size: 1 }],
      "destination_type 'volume' is not supported: this cloud has no volume service.",
    ],
    ['an unknown file system', [ROOT, { ...BLANK, guest_format: 'zfs' }], "guest_format 'zfs' is not supported."],
    ['a floppy', [ROOT, { ...BLANK, device_type: 'floppy' }], 'device_type floppy is not supported.'],
    [
      'a CD-ROM on virtio',
      [ROOT, { ...BLANK, device_type: 'cdrom', disk_bus: 'virtio' }],
      'device_type cdrom on the bus virtio is not supported.',
    ],
  ])('is refused in words of nova: %s', (_what, devices, message) => {
    expect(refusal({ block_device_mapping_v2: [...devices] })).toBe(`400 Block Device Mapping is Invalid: ${message}`);
  });

  it.each<[object, string]>([
    [{ ...BLANK, disk_bus: 'nvme' }, 'Block Device Mapping is invalid: The provided disk bus nvme is not valid.'],
    [
      { source_type: 'blank', destination_type: 'volume' },
      "Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size",
    ],
    [
      { source_type: 'image', destination_type: 'volume', uuid: IMAGE },
      "Images with destination_type 'volume' need to have a non-zero size specified",
    ],
  ])('is refused as nova does: %j', (device, message) => {
    expect(refusal({ block_device_mapping_v2: [ROOT, device] })).toBe(`400 ${message}`);
  });

  it('boots from no other image than imageRef, and from none without it', () => {
    const other = 'a0000000-0000-4000-8000-000000000001';
    expect(refusal({ block_device_mapping_v2: [{ ...ROOT, uuid: other }] })).toMatch(
      /^400 .*not the image of imageRef/,
    );
    expect(refusal({ imageRef: '', block_device_mapping_v2: [ROOT] })).toMatch(/Mapping image to local/);
  });
});

describe('block_device_mapping', () => {
  const legacy = (...devices: readonly object[]): Parameters<typeof askedDisks>[0] => ({
    block_device_mapping: [...devices],
  });

  it('asks for ephemeral disks and swap by their virtual names', () => {
    const devices = [
      { virtual_name: 'ephemeral0', device_name: 'vdb' },
      { virtual_name: 'ephemeral1', volume_size: '3' },
      { virtual_name: 'swap', volume_size: 64 },
      { device_name: 'vdx', no_device: true },
    ];
    expect(askedDisks({ imageRef: IMAGE, ...legacy(...devices) })).toEqual({
      root: {},
      ephemeral: [{ sizeGb: null }, { sizeGb: 3 }],
      swap: [{ sizeMb: 64 }],
    });
  });

  it.each<[object, string]>([
    [{ device_name: 'vda' }, 'Unrecognized legacy format.'],
    [{ device_name: 'vda', volume_id: IMAGE }, `failed to get volume ${IMAGE}.`],
    [{ device_name: 'vda', snapshot_id: IMAGE }, `failed to get snapshot ${IMAGE}.`],
  ])('is refused in words of nova: %j', (device, message) => {
    expect(refusal(legacy(device))).toBe(`400 Block Device Mapping is Invalid: ${message}`);
  });

  it('does not mix with the other syntax', () => {
    expect(refusal({ ...legacy({ virtual_name: 'swap' }), block_device_mapping_v2: [ROOT] })).toBe(
      '400 Using different block_device_mapping syntaxes is not allowed in the same request.',
    );
  });
});
