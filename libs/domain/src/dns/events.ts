import type { HostNotUpdated, HostVersion } from '../kernel/host-copies';

/** A zone of names that entries can be in. */
export interface DnsDomain {
  readonly domain: string;
  readonly scope: 'public' | 'private';
  /** Whose names it is for, of a public one; null: every project's. */
  readonly projectId: string | null;
  /** Whose guests it is for, of a private one; null: those of every availability zone. */
  readonly availabilityZone: string | null;
}

/** Names an entry. */
export interface DnsName {
  readonly domain: string;
  /** Without the domain. */
  readonly name: string;
}

export interface DnsEntry extends DnsName {
  readonly address: string;
  /** Who has made it; null for an administrator. */
  readonly projectId: string | null;
}

interface OfHost {
  readonly hostId: string;
}

export type DnsEvent =
  | { readonly type: 'dns.domain-set.v1'; readonly data: DnsDomain }
  | { readonly type: 'dns.domain-deleted.v1'; readonly data: { readonly domain: string } }
  | { readonly type: 'dns.entry-set.v1'; readonly data: DnsEntry }
  | { readonly type: 'dns.entry-deleted.v1'; readonly data: DnsName }
  | { readonly type: 'dns.host-added.v1'; readonly data: OfHost }
  | { readonly type: 'dns.host-removed.v1'; readonly data: OfHost }
  | { readonly type: 'dns.host-updated.v1'; readonly data: HostVersion }
  | { readonly type: 'dns.host-not-updated.v1'; readonly data: HostNotUpdated };
