import { DISK_BUSES } from '@cairn/domain';
import { rescueDiskOf } from './rescue-disk';

describe('how a rescue image is given to a guest', () => {
  it.each([
    [{ hw_disk_bus: 'scsi' }, {}, undefined],
    [{ hw_rescue_bus: 'usb' }, {}, { type: 'disk', bus: 'usb' }],
    [{ hw_rescue_device: 'disk' }, {}, { type: 'disk', bus: 'virtio' }],
    [{ hw_rescue_device: 'disk', hw_disk_bus: 'scsi' }, {}, { type: 'disk', bus: 'scsi' }],
    [{ hw_rescue_device: 'cdrom' }, {}, { type: 'cdrom', bus: 'ide' }],
    [{ hw_rescue_device: 'cdrom' }, { machineType: 'q35' }, { type: 'cdrom', bus: 'sata' }],
    [{ hw_rescue_device: 'cdrom', hw_cdrom_bus: 'scsi' }, {}, { type: 'cdrom', bus: 'scsi' }],
  ])('%j of a server with %j is %j', (properties, hardware, disk) => {
    expect(rescueDiskOf(properties, hardware, DISK_BUSES)).toEqual(disk);
  });

  it.each([
    [{ hw_rescue_device: 'floppy' }, {}, "Requested rescue device 'floppy' is not supported"],
    [{ hw_rescue_bus: 'xen' }, {}, "Requested rescue bus 'xen' is not supported by the 'qemu' virt driver"],
    [{ hw_rescue_bus: 'scsi' }, {}, "Requested rescue bus 'scsi' is not supported by the 'qemu' virt driver"],
    [{ hw_rescue_bus: 'ide' }, { machineType: 'q35' }, /^Requested rescue bus 'ide'/],
    [{ hw_rescue_device: 'cdrom', hw_rescue_bus: 'virtio' }, {}, /^Requested rescue bus 'virtio'/],
  ])('%j of a server with %j is refused', (properties, hardware, message) => {
    expect(() => rescueDiskOf(properties, hardware, ['virtio', 'ide', 'usb'])).toThrow(message);
  });
});
