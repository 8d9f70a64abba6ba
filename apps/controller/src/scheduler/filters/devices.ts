import { own } from '@cairn/domain';
import type { Filter } from './filter';

/** No host of this cloud passes PCI devices on, so only servers that ask for none find a host. */
export const pciPassthrough: Filter = {
  name: 'PciPassthroughFilter',
  passes: (_host, { extraSpecs = {} }) => own(extraSpecs, 'pci_passthrough:alias') === undefined,
  reason: 'No host has the PCI devices that the flavor demands.',
  why: (_host, { extraSpecs = {} }) =>
    `has no PCI devices to pass on, asked for ${String(own(extraSpecs, 'pci_passthrough:alias'))}`,
};

/** Nobody attests the hosts of this cloud: to each its trust is unknown. */
export const trusted: Filter = {
  name: 'TrustedFilter',
  passes: (_host, { extraSpecs = {} }) => (own(extraSpecs, 'trust:trusted_host') ?? 'unknown') === 'unknown',
  reason: 'No host is attested as the flavor demands.',
  why: (_host, { extraSpecs = {} }) =>
    `its trust is unknown, asked for ${String(own(extraSpecs, 'trust:trusted_host'))}`,
};
