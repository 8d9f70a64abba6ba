import { createHash } from 'node:crypto';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The tap of an instance's NIC: nova's form, `tap` and 11 characters, so that it fits in IFNAMSIZ. */
export const tapName = (instanceId: string, index: number): string =>
  `tap${digestOf(`${instanceId}/${String(index)}`).slice(0, 11)}`;

/**
 * The hardware address of a network's bridge. Fixed, or a bridge would take the lowest of its ports' and change it under
 * the guests; and a mark: a bridge of that name with another address was not made by Cairn for this network.
 */
export const bridgeMac = (networkId: string): string =>
  ['02', ...(digestOf(networkId).slice(0, 10).match(/../g) ?? [])].join(':');

/**
 * That of the network's bridge on a host that is not its gateway. Not the other one: guests send to that what is for the
 * gateway, which may be on another host. Nothing is ever sent from it, or to it.
 */
export const memberMac = (networkId: string): string => bridgeMac(networkId).replace(/^02/, '06');

/** The VXLAN device of a network that spans hosts. */
export const overlayName = (networkId: string): string => `vx${digestOf(networkId).slice(0, 11)}`;

/** The VLAN device of a network of that id: nova's name. */
export const vlanName = (id: number): string => `vlan${String(id)}`;

/** Kept on the VLAN device of a network: one without it was not made by Cairn for that network. */
export const vlanAlias = (networkId: string): string => `cairn-vlan:${networkId}`;

/** Kept on each tap, to find those whose port is gone. */
export const tapAlias = (networkId: string): string => `cairn:${networkId}`;
