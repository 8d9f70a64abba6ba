import type { Topic } from './host-network.port';

/** What people do to a host's network by hand, and as what it is found. */
export const DAMAGES = {
  'a bridge that is deleted': 'bridge',
  'a bridge that is down': 'bridge',
  'a bridge with another MTU': 'bridge',
  'a gateway without its address': 'bridge',
  'a route that is deleted': 'bridge',
  'a bridge that speaks IPv6': 'bridge',
  'a bridge that does not speak IPv6': 'bridge',
  'a gateway without its IPv6 address': 'bridge',
  'a router that guests do not find': 'bridge',
  'an IPv6 route that is deleted': 'bridge',
  'a host that believes guests about routes': 'bridge',
  'a tap that is deleted': 'port',
  'a tap that is no port of its bridge': 'port',
  'a tap that is down': 'port',
  'a tap without its mark': 'port',
  'a tap that no guest has': 'port',
  'a guest that is taken for another': 'port',
  'a DHCP server that is killed': 'dhcp',
  'hosts of the DHCP server that are changed': 'dhcp',
  'hosts of the DHCP server that are deleted': 'dhcp',
  'leases that are deleted': 'dhcp',
  'a floating IP that is deleted': 'floating-ip',
  'forwarding that is turned off': 'kernel',
  'forwarding of IPv6 that is turned off': 'kernel',
  'a strict reverse path filter': 'kernel',
  'bridges that the filter does not see': 'kernel',
  'bridges that the filter of IPv6 does not see': 'kernel',
  'a table of rules that is deleted': 'rules',
  'rules that are deleted': 'rules',
  'a translation of addresses that is deleted': 'rules',
  'a rule that somebody added': 'rules',
  'an element of a set that is deleted': 'rules',
} as const satisfies Readonly<Record<string, Topic>>;

export type Damage = keyof typeof DAMAGES;
