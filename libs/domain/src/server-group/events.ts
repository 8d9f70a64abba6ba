/** The scheduler prefers hosts that fit a `soft-` policy; it refuses hosts that break another one. */
export const SERVER_GROUP_POLICIES = ['anti-affinity', 'affinity', 'soft-anti-affinity', 'soft-affinity'] as const;

export type ServerGroupPolicy = (typeof SERVER_GROUP_POLICIES)[number];

/** What a tenant says of servers that belong together. */
export interface ServerGroupRecord {
  readonly groupId: string;
  readonly projectId: string;
  readonly userId: string;
  readonly name: string;
  readonly policy: ServerGroupPolicy;
  /** How many of its servers may be on one host, of a group that keeps them apart. Absent: one. */
  readonly maxPerHost?: number;
}

/** The host that the group has granted a member. */
export interface MemberPlace {
  /** The claim that the member then makes on the host. */
  readonly claimId: string;
  /** Of the member's launch, from 1. */
  readonly attempt: number;
  readonly hostId: string;
  readonly hostName: string;
}

export type ServerGroupEvent =
  | { readonly type: 'server-group.created.v1'; readonly data: ServerGroupRecord }
  | { readonly type: 'server-group.creation-abandoned.v1'; readonly data: { readonly groupId: string } }
  | { readonly type: 'server-group.deleted.v1'; readonly data: { readonly groupId: string } }
  | {
      readonly type: 'server-group.quota-released.v1';
      readonly data: { readonly groupId: string; readonly projectId: string };
    }
  | { readonly type: 'server-group.member-placed.v1'; readonly data: MemberPlace & { readonly instanceId: string } }
  | { readonly type: 'server-group.member-released.v1'; readonly data: { readonly instanceId: string } };
