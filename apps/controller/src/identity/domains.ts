/** Domains as Keystone has them: the one that there is. */
export interface DomainRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
}

export const DEFAULT_DOMAIN: DomainRecord = {
  id: 'default',
  name: 'Default',
  description: 'The default domain',
  enabled: true,
};

export const DOMAINS: readonly DomainRecord[] = [DEFAULT_DOMAIN];

export const domainById = (id: string): DomainRecord | undefined => DOMAINS.find((domain) => domain.id === id);
/** Keystone's domain names differ by more than case. */
export const domainByName = (name: string): DomainRecord | undefined =>
  DOMAINS.find((domain) => domain.name.toLowerCase() === name.toLowerCase());
