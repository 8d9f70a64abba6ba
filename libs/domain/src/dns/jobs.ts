/** The payload of each kind of job by which hosts learn names. Part of the host protocol. */
export interface DnsJobs {
  /** Answer guests of every network by these names, and by no others that came so before. */
  readonly 'apply-names': HostNames;
}

/** Names that the guests of a host may ask for, beside each other's. */
export interface HostNames {
  /** The version of the stream that this shows. */
  readonly version: number;
  readonly names: readonly HostName[];
}

export interface HostName {
  /** With its domain. */
  readonly name: string;
  readonly address: string;
}

export const DNS_JOBS: readonly (keyof DnsJobs)[] = ['apply-names'];
