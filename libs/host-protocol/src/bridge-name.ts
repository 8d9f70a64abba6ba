/** IFNAMSIZ of Linux is 16 with the closing zero; other characters would need quotes in the rules of a host's firewall. */
const NAME = /^[a-zA-Z][a-zA-Z0-9_-]{0,14}$/;

/** Whether a host can make a bridge of that name. */
export const isBridgeName = (text: string): boolean => NAME.test(text);

/** Of an interface that a host has; names of those may have a dot, as `eth0.100`. */
export const isInterfaceName = (text: string): boolean => /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,14}$/.test(text);

/** Devices that the kernel, libvirt, Docker and others number, and the words that sysctl takes for devices. */
const NUMBERED =
  /^(?:lo|all|default|eth|usb|wlan|wwan|ppp|ib|bond|team|dummy|ifb|sit|gre|gretap|erspan|ip6tnl|tunl|vxlan|geneve|vlan|macvlan|macvtap|tap|tun|wg|vnet|veth|virbr|docker|podman|lxcbr|lxdbr|cni|tailscale)\d*$/i;

/** What systemd calls the cards of a machine (`enp3s0`, `wlx…`), and names that are made of an id. */
const MADE =
  /^(?:(?:en|wl|ww|sl|ib)[bcopsvx][0-9a-f]|tap[0-9a-f]{8}|veth[0-9a-f]{4}|vnet[0-9]|cali[0-9a-f]|br-[0-9a-f]{6})/i;

/**
 * Whether a network may have a bridge of that name: not one that machines have, or may come to have, for devices of their
 * own. The controller refuses others, so that no launch has to fail on a host that has such a device.
 */
export const isFreeBridgeName = (text: string): boolean =>
  isBridgeName(text) && !NUMBERED.test(text) && !MADE.test(text);
