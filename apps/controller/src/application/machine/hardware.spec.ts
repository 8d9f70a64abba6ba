import type { ExtraSpecs, Hardware, ImageProperties } from '@cairn/domain';

import { machineOf } from './hardware';

const FLAVOR = { flavorId: 'f', name: 'm1', vcpus: 4, ramMb: 512, rootGb: 1, ephemeralGb: 0, swapMb: 0 };

const made = (properties: ImageProperties = {}, extraSpecs: ExtraSpecs = {}): Hardware | undefined =>
  machineOf({ imageId: 'i', name: 'debian', properties }, { flavor: FLAVOR, extraSpecs }).hardware;

describe('the virtual machine of a server', () => {
  it('is as every other without properties that say anything of it', () => {
    expect(made()).toBeUndefined();
    expect(made({ os_distro: 'debian', constructor: 'x' }, { ssd: 'true' })).toBeUndefined();
  });

  it.each<[ImageProperties, ExtraSpecs, Hardware | undefined]>([
    [{ hw_qemu_guest_agent: 'yes' }, {}, { guestAgent: true }],
    [{ hw_qemu_guest_agent: 'no' }, {}, undefined],
  ])('is made of image %j and flavor %j: %j', (properties, extraSpecs, hardware) => {
    expect(made(properties, extraSpecs)).toEqual(hardware);
  });

  it('needs, later, only what says something of it', () => {
    const properties = { hw_qemu_guest_agent: 'yes', os_distro: 'debian' };
    const { imageProperties } = machineOf({ imageId: 'i', properties }, { flavor: FLAVOR });
    expect(imageProperties).toEqual({ hw_qemu_guest_agent: 'yes' });
  });
});
