import type { HostSecurity, PortGuard } from '@cairn/host-protocol';

import type { Port } from './host-network.port';

/** What hosts are told of security groups, by project. */
export type SecurityBook = ReadonlyMap<string, HostSecurity>;

/** Of something that hosts are told in versions. */
export const isNewer = <T extends { readonly version: number }>({ version }: T, known: T | undefined): boolean =>
  known === undefined || version > known.version;

/**
 * By which groups a port is filtered: those of its server's launch, or those that its project told last. Undefined: nothing is
 * filtered.
 */
export function guardOf({ instanceId, guard }: Port, book: SecurityBook): PortGuard | undefined {
  const told = [...book.values()].flatMap(({ changed }) => changed.filter((one) => one.instanceId === instanceId));
  const newest = [...(guard === undefined ? [] : [guard]), ...told].reduce<PortGuard | undefined>(
    (best, one) => (best === undefined || one.revision > best.revision ? one : best),
    undefined,
  );
  return newest?.unfiltered === true ? undefined : newest;
}
