import type { Log } from '../../ports/log.port';

import type { DnsmasqOptions } from './dnsmasq-config';
import type { HostRulesOptions } from './host-rules';

/** What the operator of a host has chosen for its networks. */
export interface LinuxNetworkOptions extends HostRulesOptions {
  /** Keeps the ports as desired and the files of each network's dnsmasq. Others must be able to enter it. */
  readonly directory: string;
  /** Where other hosts reach this one; loopback unless told, which none does. */
  readonly hostIp?: string;
  /** Of the dnsmasq of every network. */
  readonly dnsmasq?: DnsmasqOptions;
  /** Joins bridges with those of other hosts in the place of the interfaces that networks name. */
  readonly bridgeInterface?: string | null;
  readonly log?: Log;
}
