import type { Keyring } from '../keyring/keyring';

/** What one enrolment of one host entitles to. Kept nowhere: it follows from the keyring and the enrolment's id. */
export interface HostCredentials {
  /** Of Redis, and of a store whose users' open calls end with them; also the name in the access list of the host's stream. */
  readonly login: string;
  /** The same of this enrolment alone, for other stores. */
  readonly enrolmentLogin: string;
  readonly storePassword: string;
  readonly redisPassword: string;
  /** Bearer token for the controller. */
  readonly token: string;
}

export const hostLogin = (hostId: string): string => `agent-${hostId}`;

/** Whether a user of the store is a host's. */
export const isHostLogin = (login: string): boolean => /^agent-[0-9a-f-]{36}(\.|$)/.test(login);

export function hostCredentials(
  keyring: Pick<Keyring, 'mac'>,
  { hostId, enrolmentId }: { readonly hostId: string; readonly enrolmentId: string },
): HostCredentials {
  const secret = (purpose: string): string => keyring.mac(purpose, `${hostId}/${enrolmentId}`).toString('hex');
  return {
    login: hostLogin(hostId),
    enrolmentLogin: `${hostLogin(hostId)}.${enrolmentId.slice(0, 8)}`,
    storePassword: secret('remote-host-store'),
    redisPassword: secret('remote-host-redis'),
    token: secret('remote-host-token'),
  };
}
