import { DISK_BUSES, type DiskBus, type DiskChoice, FILE_SYSTEMS, type FileSystem } from '@cairn/domain';
import type { AskedDisks } from '../../../../application/server/asked-disks';
import { type HttpProblem, shown } from '../../../http';
import { badRequest } from '../shared/additional';
import type { BlockDeviceBody, LegacyDeviceBody } from './block-device.dto';
import type { ServerBody } from './create-server.dto';

/** What block device mappings ask for, with the checks and words of nova's `block_device.py` and `compute/api.py`. */

const invalid = (details: string): HttpProblem => badRequest(`Block Device Mapping is Invalid: ${details}`);
const unsupported = (what: string): HttpProblem => invalid(`${what} is not supported.`);

type Asked = Pick<ServerBody, 'imageRef' | 'block_device_mapping' | 'block_device_mapping_v2'>;

/** Undefined where no device is named. @throws HttpProblem 400 */
export function askedDisks(server: Asked): AskedDisks | undefined {
  const { block_device_mapping: legacy = [], block_device_mapping_v2: devices = [] } = server;
  if (legacy.length > 0 && devices.length > 0)
    throw badRequest('Using different block_device_mapping syntaxes is not allowed in the same request.');
  if (legacy.length > 0) return ofLegacy(legacy);
  if (devices.length === 0) return undefined;
  const isImageNamed = server.imageRef !== undefined && server.imageRef !== '';
  const present = devices.filter(({ no_device: none }) => !isTrue(none));
  for (const device of present) requireFormat(device, isImageNamed);
  requireBootSequence(present);
  for (const device of present) requireLocal(device);
  return disksIn(present, server.imageRef ?? '');
}

const isTrue = (value: unknown): boolean => value !== undefined && value !== null && value !== false && value !== '';

/** `ephemeral0`, `swap`; the image is the root disk by itself. */
function ofLegacy(devices: readonly LegacyDeviceBody[]): AskedDisks {
  const asked = { root: {}, ephemeral: [] as { sizeGb: number | null }[], swap: [] as { sizeMb: number | null }[] };
  for (const {
    virtual_name: name = '',
    volume_id: volume,
    snapshot_id: snapshot,
    no_device: none,
    volume_size,
  } of devices) {
    const size = volume_size === undefined ? null : Number(volume_size);
    if (name === 'swap') asked.swap.push({ sizeMb: size });
    else if (/^ephemeral(\d|[1-9]\d+)$/.test(name)) asked.ephemeral.push({ sizeGb: size });
    else if (snapshot !== undefined) throw invalid(`failed to get snapshot ${snapshot}.`);
    else if (volume !== undefined) throw invalid(`failed to get volume ${volume}.`);
    else if (!isTrue(none)) throw invalid('Unrecognized legacy format.');
  }
  return asked;
}

/** @throws HttpProblem 400 as nova's `BlockDeviceDict.from_api`. */
function requireFormat(device: BlockDeviceBody, isImageNamed: boolean): void {
  const { source_type: source, destination_type: destination = 'local', uuid, volume_type: volumeType } = device;
  if (source === undefined) throw invalid('Some required fields are missing');
  if (device.virtual_name !== undefined) throw invalid('Following fields are invalid: virtual_name');
  if (source === 'blank' && uuid !== undefined) throw invalid('Invalid device UUID.');
  if (source !== 'blank' && uuid === undefined) throw invalid('Missing device UUID.');
  if (source === 'image' && destination === 'local' && !(isImageNamed && bootIndexOf(device) === 0))
    throw invalid('Mapping image to local is not supported.');
  if (destination === 'local' && isTrue(volumeType))
    throw invalid('Specifying a volume_type with destination_type=local is not supported.');
  if (source === 'volume' && isTrue(volumeType))
    throw invalid('Specifying volume type to existing volume is not supported.');
}

/** Negative and null mean that nobody boots from it. */
const bootIndexOf = ({ boot_index: index }: BlockDeviceBody): number => Number(index ?? -1);

/** @throws HttpProblem 400 unless the devices to boot from are numbered 0, 1, 2 … */
function requireBootSequence(devices: readonly BlockDeviceBody[]): void {
  const indexes = devices.map(bootIndexOf).filter((index) => index >= 0);
  const sorted = indexes.sort((one, other) => one - other);
  if (sorted.length > 0 && sorted.every((index, i) => index === i)) return;
  throw noBootSequence();
}

const noBootSequence = (): HttpProblem =>
  invalid('Boot sequence for the instance and image/block device mapping combination is not valid.');

/** There are no volumes yet: none can be found, and none can be made. */
function requireLocal(device: BlockDeviceBody): void {
  const { source_type: source, destination_type: destination, uuid = '', volume_size: size } = device;
  if (source === 'volume' || source === 'snapshot') throw invalid(`failed to get ${source} ${uuid}.`);
  if (destination !== 'volume') return;
  if (size === undefined && source === 'image')
    throw badRequest("Images with destination_type 'volume' need to have a non-zero size specified");
  if (size === undefined)
    throw badRequest("Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size");
  throw invalid("destination_type 'volume' is not supported: this cloud has no volume service.");
}

function disksIn(devices: readonly BlockDeviceBody[], imageRef: string): AskedDisks {
  const image = devices.find(({ source_type: source }) => source === 'image');
  if (image?.uuid === undefined) throw noBootSequence(); // an empty disk comes first
  if (!imageRef.toLowerCase().endsWith(image.uuid.toLowerCase()))
    throw badRequest('block_device_mapping_v2: the boot device is not the image of imageRef.');
  const blank = devices.filter(({ source_type: source }) => source === 'blank');
  const isSwap = ({ guest_format: format }: BlockDeviceBody): boolean => format === 'swap';
  return {
    root: rootOf(choiceOf(image)),
    ephemeral: blank
      .filter((device) => !isSwap(device))
      .map((device) => ({ ...choiceOf(device), ...formatOf(device), sizeGb: sizeOf(device) })),
    swap: blank.filter(isSwap).map((device) => ({ ...choiceOf(device), sizeMb: sizeOf(device) })),
  };
}

/** Its place in the order is the first in any case. */
const rootOf = ({ bootIndex: _first, ...choice }: DiskChoice): DiskChoice => choice;

const sizeOf = ({ volume_size: size }: BlockDeviceBody): number | null => (size === undefined ? null : Number(size));

function formatOf({ guest_format: format = '' }: BlockDeviceBody): { readonly format?: FileSystem } {
  if (format === '') return {};
  const known = FILE_SYSTEMS.find((each) => each === format);
  if (known === undefined) throw unsupported(`guest_format ${shown(format)}`);
  return { format: known };
}

/** Buses that nova knows and this hypervisor does not: it then takes its own. */
const OF_OTHER_HYPERVISORS: readonly string[] = ['xen', 'lxc', 'uml'];

function busOf({ disk_bus: bus = '' }: BlockDeviceBody): DiskBus | undefined {
  const known = DISK_BUSES.find((each) => each === bus);
  if (known === undefined && bus !== '' && !OF_OTHER_HYPERVISORS.includes(bus))
    throw badRequest(`Block Device Mapping is invalid: The provided disk bus ${bus} is not valid.`);
  return known;
}

function choiceOf(device: BlockDeviceBody): DiskChoice {
  const { device_type: type, tag } = device;
  if (type === 'floppy' || type === 'lun') throw unsupported(`device_type ${type}`);
  const isCdrom = type === 'cdrom';
  const bus = busOf(device) ?? (isCdrom ? 'ide' : undefined);
  if (isCdrom && bus === 'virtio') throw unsupported('device_type cdrom on the bus virtio');
  const index = bootIndexOf(device);
  return {
    ...(bus === undefined ? {} : { bus }),
    ...(isCdrom ? { type: 'cdrom' } : {}),
    ...(index >= 0 ? { bootIndex: index } : {}),
    ...(tag === undefined ? {} : { tag }),
  };
}
