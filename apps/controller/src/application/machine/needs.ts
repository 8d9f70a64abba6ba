import { DomainError, type ImageRecord, type MachineNeeds, own } from '@cairn/domain';
import { isVersionRange } from '../../scheduler/version-range';

type Properties = ImageRecord['properties'];

/** nova 26.1's names (`objects/fields.py`: Architecture, HVType, VMMode) with those that it takes for one of them. */
const ARCHITECTURES = wordsOf(
  'alpha armv6 armv7 armv7b aarch64 cris i686 ia64 lm32 m68k microblaze microblazeel mips mipsel mips64 mips64el ' +
    'openrisc parisc parisc64 ppc ppcle ppc64 ppc64le ppcemb s390 s390x sh4 sh4eb sparc sparc64 unicore32 x86_64 xtensa xtensaeb',
  { i386: 'i686', i486: 'i686', i586: 'i686', amd64: 'x86_64', arm64: 'aarch64' },
);
const HYPERVISORS = wordsOf('hyperv ironic kvm lxc lxd openvz parallels phyp qemu test uml vmware vz xen zvm fake', {
  baremetal: 'ironic',
  powervm: 'phyp',
  xapi: 'xen',
});
const VM_MODES = wordsOf('hvm xen uml exe', { pv: 'xen', hv: 'hvm', baremetal: 'hvm' });

function wordsOf(words: string, aliases: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map([...words.split(' ').map((word) => [word, word] as const), ...Object.entries(aliases)]);
}

/** Glance's names of a property, the current one first; the others are from before Kilo, and still in use. */
const NAMES = {
  architecture: ['hw_architecture', 'architecture'],
  hypervisorType: ['img_hv_type', 'hypervisor_type'],
  hypervisorVersion: ['img_hv_requested_version', 'hypervisor_version_requires'],
  vmMode: ['hw_vm_mode', 'vm_mode'],
} as const;

const invalid = (message: string): DomainError => new DomainError('invalid', 'image.unknown-demand', message);

/**
 * What the properties of an image demand of a host; undefined when they demand nothing.
 * @throws DomainError `image.unknown-demand` for a demand that is none, or that no host could be asked for.
 */
export function machineNeeds(properties: Properties): MachineNeeds | undefined {
  const given = (need: keyof typeof NAMES): string =>
    NAMES[need].map((name) => own(properties, name)).find((text) => text) ?? '';
  const word = (need: keyof typeof NAMES, words: ReadonlyMap<string, string>, what: string): string | undefined => {
    const text = given(need);
    const known = words.get(text.toLowerCase());
    if (text !== '' && known === undefined)
      throw invalid(`Invalid image metadata. Error: ${what} '${text.slice(0, 255)}' is not valid`);
    return known;
  };
  const version = given('hypervisorVersion');
  if (version !== '' && !isVersionRange(version))
    throw invalid(
      `The hypervisor version '${version.slice(0, 255)}' of the image is no list of comparisons like >=6.2,<8.`,
    );
  const needs = {
    architecture: word('architecture', ARCHITECTURES, 'Architecture name'),
    hypervisorType: word('hypervisorType', HYPERVISORS, 'Hypervisor virt type'),
    hypervisorVersion: version === '' ? undefined : version,
    vmMode: word('vmMode', VM_MODES, 'Virtual machine mode'),
  };
  const demanded = Object.entries(needs).filter(([, value]) => value !== undefined);
  return demanded.length === 0 ? undefined : Object.fromEntries(demanded);
}
