import { DomainError } from '@cairn/domain';

import type { Parts } from './rule';
import { flag } from './values';

/** A property that asks for what no host of this cloud gives. A server of it is refused: it would run without. */
export interface Refusal {
  /** As people write the names: with a colon those of extra specs. */
  readonly names: readonly string[];
  /** Where they stand for others: the image properties and extra specs that are meant. */
  readonly families?: { readonly image?: RegExp; readonly specs?: RegExp };
  /** Values that ask for nothing. */
  readonly harmless: Pick<RegExp, 'test'>;
  readonly harmlessWords: string;
  /** For people: what it would be. */
  readonly effect: string;
  /** In nova's words, where nova says the same. */
  message?(value: string): string;
}

const NOTHING = { harmless: /^$/, harmlessWords: 'none' } as const;
const NOT_TRUE = { harmless: { test: (value: string) => !flag.read(value) }, harmlessWords: '`false`' } as const;

export const REFUSALS: readonly Refusal[] = [
  {
    names: ['hw_numa_nodes', 'hw:numa_nodes'],
    harmless: /^1?$/,
    harmlessWords: '`1`',
    effect: 'Several NUMA nodes in the guest.',
  },
  {
    names: ['hw_numa_cpus.N', 'hw_numa_mem.N', 'hw:numa_cpus.N', 'hw:numa_mem.N'],
    families: { image: /^hw_numa_(cpus|mem)\./, specs: /^hw:numa_(cpus|mem)\./ },
    ...NOTHING,
    effect: 'Processors and memory of one NUMA node.',
  },
  {
    names: ['hw_cpu_policy', 'hw:cpu_policy'],
    harmless: /^(shared)?$/,
    harmlessWords: '`shared`',
    effect: 'Processors of the host for this guest alone.',
  },
  {
    names: ['hw_cpu_thread_policy', 'hw:cpu_thread_policy'],
    harmless: /^(prefer)?$/,
    harmlessWords: '`prefer`',
    effect: 'Which threads of the host dedicated processors are.',
    message: () => 'Cannot set cpu thread pinning policy in a non dedicated cpu pinning policy',
  },
  {
    names: ['hw:cpu_dedicated_mask'],
    ...NOTHING,
    effect: 'Which processors of the guest are dedicated.',
    message: () => "Cannot specify 'hw:cpu_dedicated_mask' without the 'mixed' policy.",
  },
  {
    names: ['hw:cpu_realtime'],
    ...NOT_TRUE,
    effect: 'Processors with real-time priority.',
    message: () => 'Cannot set realtime policy in a non dedicated cpu pinning policy',
  },
  {
    names: ['hw:emulator_threads_policy'],
    harmless: /^(share)?$/,
    harmlessWords: '`share`',
    effect: "A processor of the host for QEMU's own threads.",
    message: () => 'An isolated CPU emulator threads option requires a dedicated CPU policy option.',
  },
  {
    names: ['hw:mem_page_size'],
    harmless: /^(any|small)?$/,
    harmlessWords: '`any`, `small`',
    effect: 'Memory in huge pages.',
  },
  {
    names: ['hw_mem_page_size'],
    harmless: /^(any|small)?$/,
    harmlessWords: '`any`, `small`',
    effect: 'Memory in huge pages.',
    message: (value) => `Page size ${value} forbidden against '<empty>'`,
  },
  {
    names: ['hw_locked_memory', 'hw:locked_memory'],
    ...NOT_TRUE,
    effect: 'Memory that the host never swaps.',
    message: () => 'locked_memory value in image or flavor is forbidden when mem_page_size is not set.',
  },
  {
    names: ['hw_mem_encryption', 'hw:mem_encryption'],
    ...NOT_TRUE,
    effect: 'Memory that the host cannot read (AMD SEV).',
  },
  {
    names: ['hw_tpm_model', 'hw_tpm_version', 'hw:tpm_model', 'hw:tpm_version'],
    ...NOTHING,
    effect: 'An emulated TPM.',
  },
  {
    names: ['hw:pmem'],
    ...NOTHING,
    effect: 'Persistent memory of the host.',
  },
  {
    names: ['pci_passthrough:alias'],
    ...NOTHING,
    effect: 'PCI devices of the host.',
    message: (value) => `PCI alias ${value.split(':', 1)[0] ?? ''} is not defined`,
  },
  {
    names: ['hw_pci_numa_affinity_policy', 'hw:pci_numa_affinity_policy'],
    harmless: /^(legacy|preferred)?$/,
    harmlessWords: '`legacy`, `preferred`',
    effect: 'PCI devices of the NUMA node that the guest is on.',
  },
  {
    names: ['hw_viommu_model', 'hw:viommu_model'],
    ...NOTHING,
    effect: 'An IOMMU in the guest.',
  },
  {
    names: ['accel:device_profile'],
    ...NOTHING,
    effect: 'Accelerators of the host.',
  },
  {
    names: ['hw_ephemeral_encryption', 'hw:ephemeral_encryption'],
    ...NOT_TRUE,
    effect: 'Encrypted local disks.',
  },
  {
    names: ['hw_emulation_architecture'],
    harmless: /^(x86_64)?$/,
    harmlessWords: '`x86_64`',
    effect: 'Another architecture than that of the host.',
  },
  {
    names: ['trait:NAME'],
    families: { image: /^trait[:_]/, specs: /^trait[\w-]*:/ },
    harmless: /^(forbidden)?$/,
    harmlessWords: '`forbidden`',
    effect: 'A trait of the host.',
  },
  {
    names: ['resources:CLASS'],
    families: { specs: /^resources[\w-]*:(?!(VCPU|MEMORY_MB|DISK_GB)$)/ },
    harmless: /^\s*0*\s*$/,
    harmlessWords: '`0`',
    effect: 'Resources other than processors, memory and disk.',
  },
];

/** @throws DomainError `invalid` for what would be another machine than image or flavor ask for. */
export function requireOffered({ image, extraSpecs, flavor }: Parts): void {
  for (const [name, value] of Object.entries(image.properties))
    refuseUnless(refusalOf('image', name), value, `The image property ${name} (${value.slice(0, 255)})`);
  for (const [name, value] of Object.entries(extraSpecs)) {
    const what = `The extra spec ${name} (${value.slice(0, 255)}) of the flavor ${flavor.name}`;
    refuseUnless(refusalOf('specs', name), value, what);
  }
}

const refusalOf = (where: 'image' | 'specs', name: string): Refusal | undefined =>
  REFUSALS.find(({ names, families }) =>
    families === undefined
      ? names.includes(name) && name.includes(':') === (where === 'specs')
      : families[where]?.test(name),
  );

function refuseUnless(found: Refusal | undefined, value: string, what: string): void {
  if (found === undefined || found.harmless.test(value)) return;
  const message = found.message?.(value) ?? `${what} is not supported by the hosts of this cloud.`;
  throw new DomainError('invalid', 'machine.not-offered', message);
}
