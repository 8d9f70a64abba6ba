/** A host as a member of a host aggregate. */
export interface AggregateHost {
  readonly hostId: string;
  readonly name: string;
}

/** What an aggregate says of its hosts. The key `availability_zone` makes the aggregate an availability zone. */
export type AggregateMetadata = Readonly<Record<string, string>>;

export type HostAggregateEvent =
  | {
      readonly type: 'host-aggregate.created.v1';
      readonly data: {
        /** From 1; never given twice. */
        readonly number: number;
        readonly uuid: string;
        readonly name: string;
        readonly metadata: AggregateMetadata;
      };
    }
  | { readonly type: 'host-aggregate.renamed.v1'; readonly data: { readonly number: number; readonly name: string } }
  | {
      readonly type: 'host-aggregate.metadata-set.v1';
      readonly data: {
        readonly number: number;
        /** All of it, after the change. */
        readonly metadata: AggregateMetadata;
      };
    }
  | {
      readonly type: 'host-aggregate.host-added.v1';
      readonly data: { readonly number: number; readonly host: AggregateHost };
    }
  | {
      readonly type: 'host-aggregate.host-removed.v1';
      readonly data: { readonly number: number; readonly hostId: string };
    }
  | { readonly type: 'host-aggregate.deleted.v1'; readonly data: { readonly number: number } };
