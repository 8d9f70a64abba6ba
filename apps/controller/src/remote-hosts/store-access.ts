import type { StoreSecurity, StreamAccess } from '@cairn/event-store';
import { agentStream } from '@cairn/host-protocol';

import { type HostCredentials, hostLogin } from './credentials';

/** Controllers log in to the store as administrators. */
const CONTROLLERS = ['$admins'];

const CONTROLLERS_ONLY: StreamAccess = {
  $r: CONTROLLERS,
  $w: CONTROLLERS,
  $d: CONTROLLERS,
  $mr: CONTROLLERS,
  $mw: CONTROLLERS,
};

/** The users of the store that hosts log in as, and what they may read and write. */
export class StoreAccess {
  constructor(private readonly security: StoreSecurity) {}

  /** Streams are the controllers' unless they say otherwise. */
  async confine(): Promise<void> {
    await this.security.restrictAll(CONTROLLERS_ONLY, CONTROLLERS_ONLY);
  }

  /** Lets a host read and append to its own stream. @param replacing: with new secrets in the place of its old ones */
  async admit(hostId: string, { login, storePassword }: HostCredentials, replacing: boolean): Promise<void> {
    const both = [...CONTROLLERS, login];
    await this.security.restrict(agentStream(hostId), { ...CONTROLLERS_ONLY, $r: both, $w: both });
    if (replacing) await this.security.removeUser(login);
    await this.security.makeUser({ login, password: storePassword, groups: [] });
  }

  /** Ends what the host has open, too. Its stream stays. */
  async shutOut(hostId: string): Promise<void> {
    await this.security.removeUser(hostLogin(hostId));
  }
}
