/** Why something is dropped, for people: `./cairn doctor network` shows how often. Letters and blanks only: it stands in rules. */
export type Why =
  | 'the hardware address of another'
  | 'ARP under the hardware address of another'
  | 'ARP under the address of another'
  | 'answers of a DHCP server'
  | 'the address of another'
  | 'IPv6'
  | 'advertisements of a router'
  | 'neighbour discovery for another'
  | 'VLAN tags'
  | 'neither IPv4 nor ARP'
  | 'ports of the host'
  | 'another network'
  | 'the gateway of another network'
  | 'frames of a network between hosts'
  | 'services of the cloud'
  | 'no security group lets it in'
  | 'no security group lets it out';

/** Ends a rule that drops, and counts what it drops, since the rules were given to the kernel last. */
export const dropAs = (why: Why): string => `counter drop comment "${why}"`;
