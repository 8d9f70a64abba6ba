import { own } from '../kernel/own';
import { DomainError } from '../kernel/errors';

/** Something that OpenStack limits. */
export interface QuotaResource {
  /** For projects that have no limit of their own; -1 is no limit. */
  readonly limit: number;
  /**
   * True when the project's quota stream counts it. Others limit one object (the items of a server, the rules of a
   * group), what one stream holds (key pairs of a user, security groups of a project) or what is counted otherwise (the
   * bytes of images), and are checked where that changes.
   */
  readonly counted: boolean;
  /** The service whose quota set it belongs to; compute shows those of networks until 2.35. */
  readonly service: 'compute' | 'network' | 'volume' | 'image';
}

/** By the names that OpenStack's quota APIs use, in the order in which nova lists them. */
export const QUOTA_RESOURCES = {
  cores: { limit: 20, counted: true, service: 'compute' },
  fixed_ips: { limit: -1, counted: true, service: 'network' },
  floating_ips: { limit: 10, counted: true, service: 'network' },
  injected_file_content_bytes: { limit: 10_240, counted: false, service: 'compute' },
  injected_file_path_bytes: { limit: 255, counted: false, service: 'compute' },
  injected_files: { limit: 5, counted: false, service: 'compute' },
  instances: { limit: 10, counted: true, service: 'compute' },
  key_pairs: { limit: 100, counted: false, service: 'compute' },
  metadata_items: { limit: 128, counted: false, service: 'compute' },
  /** Those that tenants make themselves, where the operator limits them (nova: `enable_network_quota`). */
  networks: { limit: 3, counted: true, service: 'network' },
  /** MiB. */
  ram: { limit: 51_200, counted: true, service: 'compute' },
  security_group_rules: { limit: 20, counted: false, service: 'network' },
  security_groups: { limit: 10, counted: false, service: 'network' },
  server_group_members: { limit: 10, counted: false, service: 'compute' },
  server_groups: { limit: 10, counted: true, service: 'compute' },
  volumes: { limit: 10, counted: true, service: 'volume' },
  /** GiB of volumes and snapshots together. */
  gigabytes: { limit: 1_000, counted: true, service: 'volume' },
  per_volume_gigabytes: { limit: -1, counted: false, service: 'volume' },
  snapshots: { limit: 10, counted: true, service: 'volume' },
  backups: { limit: 10, counted: true, service: 'volume' },
  backup_gigabytes: { limit: 1_000, counted: true, service: 'volume' },
  groups: { limit: 10, counted: true, service: 'volume' },
  /** MiB of data of a project's images; Glance's name for it. */
  image_size_total: { limit: 102_400, counted: false, service: 'image' },
} as const satisfies Readonly<Record<string, QuotaResource>>;

export type QuotaResourceName = keyof typeof QUOTA_RESOURCES;

/** Limits or amounts by the names of their resources. */
export type Amounts = Readonly<Record<string, number>>;

/** Limits of a project for which nobody has set others. */
export const DEFAULT_LIMITS: Amounts = Object.fromEntries(
  Object.entries(QUOTA_RESOURCES).map(([name, { limit }]) => [name, limit]),
);

/** Each type of volume has its own: `gigabytes_lvm`. */
const OF_A_VOLUME_TYPE = /^(volumes|gigabytes|snapshots)_./;

const isListed = (name: string): name is QuotaResourceName => Object.hasOwn(QUOTA_RESOURCES, name);

/** @throws DomainError `quota.unknown-resource`. */
export function quotaResource(name: string): QuotaResource {
  if (isListed(name)) return QUOTA_RESOURCES[name];
  if (OF_A_VOLUME_TYPE.test(name)) return { limit: -1, counted: true, service: 'volume' };
  throw new DomainError('invalid', 'quota.unknown-resource', `There is no quota resource ${name}.`);
}

/** The limit that holds where these limits are set; -1 is no limit. */
export const limitOf = (overrides: Amounts, name: string): number => own(overrides, name) ?? quotaResource(name).limit;

/** Adds `more` to the amounts (or with -1 subtracts it), and leaves out amounts that become 0. */
export function sumOf(amounts: Amounts, more: Amounts, sign: 1 | -1 = 1): Amounts {
  const sums = new Map(Object.entries(amounts));
  for (const [name, amount] of Object.entries(more)) sums.set(name, (sums.get(name) ?? 0) + sign * amount);
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0));
}
