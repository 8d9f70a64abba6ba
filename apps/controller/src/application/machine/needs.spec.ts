import { DomainError } from '@cairn/domain';
import { isInRange, isVersionRange } from '../../scheduler/version-range';
import { machineNeeds } from './needs';

describe('what an image demands of a host', () => {
  it('is nothing without properties that restrict it', () => {
    expect(machineNeeds({})).toBeUndefined();
    expect(
      machineNeeds({ os_distro: 'debian', hw_disk_bus: 'virtio', constructor: 'x', architecture: '' }),
    ).toBeUndefined();
  });

  it('is said in nova’s canonical words, whatever the age and case of the property', () => {
    expect(machineNeeds({ architecture: 'AMD64', hypervisor_type: 'QEMU', vm_mode: 'hv' })).toEqual({
      architecture: 'x86_64',
      hypervisorType: 'qemu',
      vmMode: 'hvm',
    });
    expect(
      machineNeeds({
        hw_architecture: 'i386',
        architecture: 'x86_64',
        img_hv_type: 'xapi',
        img_hv_requested_version: '>=6.2,<8',
        hw_vm_mode: 'pv',
      }),
    ).toEqual({ architecture: 'i686', hypervisorType: 'xen', hypervisorVersion: '>=6.2,<8', vmMode: 'xen' });
  });

  it.each([
    { architecture: 'z80' },
    { img_hv_type: 'constructor' },
    { vm_mode: 'half' },
    { hypervisor_version_requires: 'new' },
  ])('is refused when no host can be asked for it: %j', (properties) => {
    expect(() => machineNeeds(properties)).toThrow(DomainError);
  });
});

describe('a range of versions', () => {
  it('is comparisons that all hold', () => {
    expect([7_002_011, 6_002_000, 8_000_000, 7_001_000].map((version) => isInRange(version, '>6.2, <8,!=7.1'))).toEqual(
      [true, false, false, false],
    );
    expect([isInRange(6_002_000, '==6.2'), isInRange(6_002_001, '<=6.2'), isInRange(6_002_000, '>=6.2.0')]).toEqual([
      true,
      false,
      true,
    ]);
    expect(['', '7', '>=', '>=x', '>=1.2.3.4', '~=1'].map(isVersionRange)).not.toContain(true);
  });
});
