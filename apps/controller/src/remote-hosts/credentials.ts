import type { Keyring } from '../keyring/keyring';

/** What one enrolment of one host entitles to. Kept nowhere: it follows from the keyring and the enrolment's id. */
export interface HostCredentials {
  /** Of the store and of Redis alike; also the name in the access list of the host's stream. */
  readonly login: string;
  readonly storePassword: string;
  readonly redisPassword: string;
  /** Bearer token for the controller. */
  readonly token: string;
}

export const hostLogin = (hostId: string): string => `agent-${hostId}`;

export function hostCredentials(
  keyring: Pick<Keyring, 'mac'>,
  { hostId, enrolmentId }: { readonly hostId: string; readonly enrolmentId: string },
): HostCredentials {
  const secret = (purpose: string): string => keyring.mac(purpose, `${hostId}/${enrolmentId}`).toString('hex');
  return {
    login: hostLogin(hostId),
    storePassword: secret('remote-host-store'),
    redisPassword: secret('remote-host-redis'),
    token: secret('remote-host-token'),
  };
}
