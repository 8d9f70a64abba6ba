import { agreed } from '../agreed';
import { rule, type Rule } from '../rule';
import { flag, format, oneOf } from '../values';
import { DomainError } from '@cairn/domain';

/** The board of the machine, its firmware, and what it does before its system runs. */
export const systemRules: readonly Rule[] = [
  rule({
    image: {
      hw_machine_type: format(/^[a-z0-9][a-z0-9._-]{0,63}$/i, "a name of QEMU's, such as `q35`, `pc` or `pc-q35-7.2`"),
      hw_firmware_type: oneOf(['bios', 'uefi']),
      os_secure_boot: oneOf(['required', 'optional', 'disabled']),
    },
    specs: { 'os:secure_boot': oneOf(['required', 'optional', 'disabled']) },
    effect:
      'The machine that QEMU emulates (default: `pc`) and its firmware. UEFI keeps its variables with the server: over reboots, ' +
      'stops and resizes, not over a rebuild. Secure Boot needs `uefi` and `q35` and is on where it is `required`, and with ' +
      '`optional` where the host has it; image and flavor must agree about it.',
    gives({ image: { hw_machine_type: type, hw_firmware_type: firmware, os_secure_boot: wanted }, specs, names }) {
      const secureBoot = agreed('secure_boot', specs['os:secure_boot'], wanted, names, 'os');
      const machine = type === undefined || type === 'pc' ? {} : { machineType: type };
      const canSecure = firmware === 'uefi' && type?.includes('q35') === true;
      if (secureBoot === 'required' && !canSecure)
        throw new DomainError('invalid', 'machine.no-secure-boot', 'Secure Boot is not supported by host');
      if (firmware !== 'uefi') return machine;
      const secured = canSecure && (secureBoot === 'required' || secureBoot === 'optional') ? { secureBoot } : {};
      return { ...machine, firmware: { type: 'uefi', ...secured } };
    },
  }),
  rule({
    image: { hw_boot_menu: flag },
    specs: { 'hw:boot_menu': flag },
    effect: 'The firmware lets a person at the console choose what to boot. The image counts before the flavor.',
    gives: ({ image, specs }) => ((image.hw_boot_menu ?? specs['hw:boot_menu']) === true ? { bootMenu: true } : {}),
  }),
  rule({
    image: { os_command_line: format(/^[^\p{Cc}\p{Cs}\ufffe\uffff]{0,4096}$/u, 'a line of text') },
    effect: 'The command line of the kernel, for an image that comes with one (`kernel_id`).',
    gives: ({ image: { os_command_line: line = '' } }) => (line === '' ? {} : { commandLine: line }),
  }),
  rule({
    image: { os_type: oneOf(['linux', 'windows']) },
    effect: '`windows`: the clock is in local time, and on KVM the guest has what Hyper-V gives its guests.',
    gives: ({ image }) => (image.os_type === 'windows' ? { osType: 'windows' } : {}),
  }),
  rule({
    image: { hw_time_hpet: flag },
    effect: 'Whether the guest has a high precision event timer. Default: as QEMU has it.',
    gives: ({ image: { hw_time_hpet: hpet } }) => (hpet === undefined ? {} : { hpet }),
  }),
  rule({
    image: { img_hide_hypervisor_id: flag },
    specs: { 'hw:hide_hypervisor_id': flag, hide_hypervisor_id: flag },
    effect: 'The processors do not say that they are virtual ones, if image or flavor says so.',
    gives: ({ image, specs }) =>
      image.img_hide_hypervisor_id === true ||
      specs['hw:hide_hypervisor_id'] === true ||
      specs.hide_hypervisor_id === true
        ? { hiddenHypervisor: true }
        : {},
  }),
];
