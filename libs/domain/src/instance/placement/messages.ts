export interface PlacementCommands {
  readonly RecordHostChosen: { readonly attempt: number; readonly hostId: string; readonly hostName: string };
  readonly RecordHostClaimed: { readonly claimId: string };
  readonly RecordHostRefused: { readonly claimId: string; readonly code: string; readonly message: string };
}

export interface PlacementEvents {
  readonly 'instance.host-chosen.v1': {
    readonly attempt: number;
    readonly hostId: string;
    readonly hostName: string;
    readonly claimId: string;
  };
  readonly 'instance.host-claimed.v1': { readonly claimId: string };
  readonly 'instance.host-refused.v1': { readonly claimId: string; readonly code: string; readonly message: string };
}
