import type { Log } from '../../ports/log.port';
import { runCommand } from '../host-command';

/** As often as nova-network says it, a second apart: the first may be lost, or come before the former host is silent. */
const TIMES = 3;
const LIMIT_MS = 10_000;

/**
 * Tells the neighbours on an interface that this host has an address now, so that they do not go on sending to the host
 * that had it (RFC 5227, an ARP announcement). It has an end some seconds later.
 * @throws CommandFailed
 */
const announce = (address: string, device: string): Promise<unknown> =>
  runCommand('busybox', ['arping', '-q', '-U', '-c', String(TIMES), '-I', device, '-s', address, address], {
    timeoutMs: LIMIT_MS,
  });

/**
 * The same, also of a gateway that has moved. Nobody waits until the neighbours have been told: the address is good from
 * the first time on.
 */
export function tellOf(address: string, device: string, log: Log): void {
  void announce(address, device).catch((error: unknown) => {
    log.warn('neighbours were not told of an address that has come to this host', { address, device, error });
  });
}
