import type { Port } from '../../ports/host-network.port';
import type { Why } from '../linux-network/drops';

/** What lines begin with that the program of a host says; the kernel's have anything else. */
export const ANSWER = '@host ';

/** What a host in User Mode Linux does for its test. */
export interface HostAsked {
  /** Makes the port, and plugs in a guest of its host name. @returns the address that it gets by DHCP. */
  plug(port: Port): Promise<string | null>;
  unplug(port: Port): Promise<void>;
  /** Why the port cannot be made; null: it was. */
  refused(port: Port): Promise<string | null>;
  pings(guest: string, address: string): Promise<boolean>;
  /** @param frame in hexadecimal */
  sendsFrame(guest: string, frame: string): Promise<void>;
  /** How many packets were dropped for that. */
  dropped(why: Why): Promise<number>;
  run(program: string, ...args: readonly string[]): Promise<string>;
  /** What of the host's network is not as it was told. */
  wrong(): Promise<readonly string[]>;
  mend(): Promise<void>;
}
