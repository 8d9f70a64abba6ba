import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

import { codeOf } from '@cairn/os';

import type { Finding } from '../../ports/host-network.port';
import { runCommand } from '../host-command';

import { networkFailure } from './check-port';

/** What the kernel of the host must be set to. Null stands for a file that it does not have. */
function setting(path: string): string | null {
  try {
    return readFileSync(`/proc/sys/net/${path}`, 'utf8').trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function set(path: string, value: string): void {
  try {
    writeFileSync(`/proc/sys/net/${path}`, value);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function turnOn(path: string): void {
  if (setting(path) !== '1') set(path, '1');
}

/** Without it no packet of a guest leaves the host, and none from outside reaches a guest. */
const FORWARD = 'ipv4/ip_forward';

export const forward = (): void => {
  turnOn(FORWARD);
};

const FORWARD_V6 = 'ipv6/conf/all/forwarding';

/**
 * The same for IPv6. A host that forwards does not take its own routes from routers any more, unless it is told to:
 * interfaces that did go on (Documentation/networking/ip-sysctl of the kernel, accept_ra).
 * @throws JobFailure on a kernel without IPv6.
 */
export function forwardV6(): void {
  const is = setting(FORWARD_V6);
  if (is === null) throw networkFailure('The kernel of this host has no IPv6.');
  if (is === '1') return;
  for (const device of readdirSync('/proc/sys/net/ipv6/conf'))
    if (setting(advertsOf(device)) === '1') set(advertsOf(device), '2');
  set(FORWARD_V6, '1');
}

const advertsOf = (device: string): string => `ipv6/conf/${device}/accept_ra`;

/** The host speaks IPv6 where a network has it, and nowhere else. Without IPv6 in the kernel there is no such file. */
const ipv6Of = (device: string): string => `ipv6/conf/${device}/disable_ipv6`;

export const disableIpv6 = (device: string): void => {
  set(ipv6Of(device), '1');
};

export const speaksIpv6 = (device: string): boolean => setting(ipv6Of(device)) === '0';

/** The host is the router there, and believes no other. */
export function enableIpv6(device: string): void {
  for (const path of [advertsOf(device), `ipv6/conf/${device}/accept_redirects`]) set(path, '0');
  if (!speaksIpv6(device)) set(ipv6Of(device), '0');
}

/** Whether what guests say of routes would change those of the host. */
export const believesRouters = (device: string): boolean => setting(advertsOf(device)) !== '0';

const STRICT = 1;
const LOOSE = '2';
const filterOf = (device: string): string => `ipv4/conf/${device}/rp_filter`;

/**
 * Whether the kernel drops what comes in here from addresses that it would answer by another interface: the greater of two
 * settings holds (Documentation/networking/ip-sysctl of the kernel, rp_filter).
 */
const isStrict = (device: string): boolean =>
  Math.max(...['all', device].map((one) => Number(setting(filterOf(one)) ?? 0))) === STRICT;

/** A floating IP is asked for from anywhere, also from behind another interface than the one that answers for it. */
export function allowOtherWaysBack(device: string): void {
  if (isStrict(device)) set(filterOf(device), LOOSE);
}

const finding = (name: string, isRight: boolean, right: string, wrong: string): Finding => ({
  topic: 'kernel',
  name: `net.${name.replaceAll('/', '.')}`,
  verdict: isRight ? 'right' : 'wrong',
  says: isRight ? right : wrong,
});

/** @param ipv6 whether a network of the host has IPv6 addresses */
export const inspectForwarding = (ipv6: boolean): readonly Finding[] => [
  finding(
    FORWARD,
    setting(FORWARD) === '1',
    'The kernel forwards packets between interfaces.',
    'The kernel does not forward packets between interfaces: no guest reaches anything outside, and nobody a guest.',
  ),
  ...(ipv6
    ? [
        finding(
          FORWARD_V6,
          setting(FORWARD_V6) === '1',
          'The kernel forwards IPv6 packets between interfaces.',
          'The kernel does not forward IPv6 packets between interfaces: no guest reaches anything outside by IPv6.',
        ),
      ]
    : []),
];

export const inspectReversePath = (device: string): Finding =>
  finding(
    filterOf(device),
    !isStrict(device),
    `The reverse path filter of ${device} is not strict: floating IPs can be reached from everywhere.`,
    `The reverse path filter of ${device} is strict: it drops what comes to floating IPs from addresses that are answered by another interface.`,
  );

const BRIDGED = 'bridge/bridge-nf-call-iptables';
const BRIDGED_V6 = 'bridge/bridge-nf-call-ip6tables';

/**
 * Has the kernel show the tables of IPv4 and IPv6 what passes between the ports of a bridge; without that no security group
 * holds between guests of one host. Somebody may have turned it off since.
 * @throws JobFailure on a kernel that cannot.
 */
export async function watchBridges(): Promise<void> {
  if (setting(BRIDGED) === null) await runCommand('modprobe', ['br_netfilter']).catch(() => undefined);
  if (setting(BRIDGED) === null)
    throw networkFailure('The kernel of this host does not filter what passes bridges: it lacks br_netfilter.');
  for (const path of [BRIDGED, BRIDGED_V6]) turnOn(path);
}

/** @param filters whether security groups hold on this host. @param ipv6 whether a network of it has IPv6 addresses */
export function inspectBridgeFilter(filters: boolean, ipv6: boolean): readonly Finding[] {
  const isOn = setting(BRIDGED) === '1';
  if (filters) {
    const right = 'Security groups see what passes between guests of this host.';
    const wrong = 'The kernel does not show bridged packets to the filter: security groups do not hold between guests.';
    const asked = ipv6 ? [BRIDGED, BRIDGED_V6] : [BRIDGED];
    return asked.map((path) => finding(path, setting(path) === '1', right, wrong));
  }
  if (!isOn) return [];
  const says =
    'Bridged packets pass the filters of this host, although no security group needs it: other rules of the host may drop what guests of one network send each other.';
  return [{ ...finding(BRIDGED, true, says, says), verdict: 'advice' }];
}
