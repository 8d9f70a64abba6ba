/**
 * What old clients ask for before they use it. A name stands here when what it stands for is served; the descriptions
 * are nova's own aliases again, as since 2.1 nobody reads them.
 */
const ALIASES = [
  'NMN',
  'OS-DCF',
  'OS-EXT-AZ',
  'OS-EXT-IPS',
  'OS-EXT-IPS-MAC',
  'OS-EXT-SRV-ATTR',
  'OS-EXT-STS',
  'OS-FLV-DISABLED',
  'OS-FLV-EXT-DATA',
  'OS-SRV-USG',
  'os-availability-zone',
  'os-config-drive',
  'os-console-output',
  'os-extended-hypervisors',
  'os-extended-networks',
  'os-extended-quotas',
  'os-extended-services',
  'os-extended-volumes',
  'os-flavor-access',
  'os-flavor-extra-specs',
  'os-flavor-manage',
  'os-flavor-rxtx',
  'os-flavor-swap',
  'os-hosts',
  'os-hypervisor-status',
  'os-hypervisors',
  'os-instance-actions',
  'os-keypairs',
  'os-multiple-create',
  'os-networks',
  'os-quota-class-sets',
  'os-quota-sets',
  'os-security-groups',
  'os-server-list-multi-status',
  'os-server-sort-keys',
  'os-server-start-stop',
  'os-services',
  'os-simple-tenant-usage',
  'os-tenant-networks',
  'os-used-limits',
  'os-user-data',
] as const;

export interface Extension {
  readonly alias: string;
  readonly name: string;
  readonly description: string;
  readonly links: readonly never[];
  readonly namespace: string;
  readonly updated: string;
}

export const EXTENSIONS: readonly Extension[] = ALIASES.map((alias) => ({
  alias,
  name: alias,
  description: alias,
  links: [],
  namespace: 'http://docs.openstack.org/compute/ext/fake_xml',
  updated: '2014-12-03T00:00:00Z',
}));
