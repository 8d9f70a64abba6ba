/** nova's quotas and their defaults (compute.md, section 9). -1 means without limit. */
export interface QuotaLimits {
  readonly instances: number;
  readonly cores: number;
  readonly ramMb: number;
  readonly floatingIps: number;
  readonly fixedIps: number;
  readonly metadataItems: number;
  readonly injectedFiles: number;
  readonly injectedFileContentBytes: number;
  readonly injectedFilePathBytes: number;
  readonly securityGroups: number;
  readonly securityGroupRules: number;
  readonly keyPairs: number;
  readonly serverGroups: number;
  readonly serverGroupMembers: number;
}

export const DEFAULT_LIMITS: QuotaLimits = {
  instances: 10,
  cores: 20,
  ramMb: 51_200,
  floatingIps: 10,
  fixedIps: -1,
  metadataItems: 128,
  injectedFiles: 5,
  injectedFileContentBytes: 10_240,
  injectedFilePathBytes: 255,
  securityGroups: 10,
  securityGroupRules: 20,
  keyPairs: 100,
  serverGroups: 10,
  serverGroupMembers: 10,
};
