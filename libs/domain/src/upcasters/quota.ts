import { own } from '../kernel/own';
import { instanceRef, serverReservation } from '../instance/quota';
import type { QuotaEvent } from '../quota/messages';
import type { Upcasters } from './upcaster';

/** The names of limited resources in 0.1. */
const NAMES: Readonly<Record<string, string>> = {
  ramMb: 'ram',
  floatingIps: 'floating_ips',
  fixedIps: 'fixed_ips',
  metadataItems: 'metadata_items',
  injectedFiles: 'injected_files',
  injectedFileContentBytes: 'injected_file_content_bytes',
  injectedFilePathBytes: 'injected_file_path_bytes',
  securityGroups: 'security_groups',
  securityGroupRules: 'security_group_rules',
  keyPairs: 'key_pairs',
  serverGroups: 'server_groups',
  serverGroupMembers: 'server_group_members',
};

interface Items {
  readonly items: readonly { readonly instanceId: string; readonly cores: number; readonly ramMb: number }[];
  readonly settleAfter: string;
}

interface One {
  readonly instanceId: string;
}

interface Several {
  readonly instanceIds: readonly string[];
}

/** 0.1 counted servers only, each as one instance with its cores and MiB. */
export const quota: Upcasters = {
  'quota.limits-set.v1': ({ limits }: { readonly limits: Readonly<Record<string, number | null>> }): QuotaEvent => {
    const named = Object.entries(limits).map(([name, limit]) => [own(NAMES, name) ?? name, limit] as const);
    return { type: 'quota.limits-set.v2', data: { limits: Object.fromEntries(named) } };
  },
  'quota.reserved.v1': ({ items, settleAfter }: Items): QuotaEvent => {
    const reservations = items.map(({ instanceId, cores, ramMb }) =>
      serverReservation(instanceId, { vcpus: cores, ramMb }),
    );
    return { type: 'quota.reserved.v2', data: { reservations, settleAfter } };
  },
  'quota.confirmed.v1': ({ instanceIds }: Several): QuotaEvent => ({
    type: 'quota.confirmed.v2',
    data: { owners: instanceIds.map(instanceRef) },
  }),
  'quota.launch-found.v1': ({ instanceId }: One): QuotaEvent => ({
    type: 'quota.owner-found.v1',
    data: { owner: instanceRef(instanceId) },
  }),
  'quota.undo-requested.v1': ({ instanceIds }: Several): QuotaEvent => ({
    type: 'quota.undo-requested.v2',
    data: { owners: instanceIds.map(instanceRef) },
  }),
  'quota.released.v1': ({ instanceId }: One): QuotaEvent => ({
    type: 'quota.released.v2',
    data: { owner: instanceRef(instanceId) },
  }),
};
