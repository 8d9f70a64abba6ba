import { addressesIn, isIn } from '@cairn/domain';
import type { FloatingIpRow, FloatingPoolRow } from '@cairn/projections';

export const presentFloatingIp = ({
  number,
  address,
  poolName,
  fixedAddress,
  instanceId,
}: Pick<FloatingIpRow, 'number' | 'address' | 'poolName' | 'fixedAddress' | 'instanceId'>): unknown => ({
  id: number,
  ip: address,
  pool: poolName,
  fixed_ip: fixedAddress,
  instance_id: instanceId,
});

/** The addresses of pools, each with who has it (nova 14.1, `FloatingIPBulkController`). */
export function presentBulk(pools: readonly FloatingPoolRow[], held: readonly FloatingIpRow[]): readonly unknown[] {
  const byAddress = new Map(held.map((row) => [row.address, row]));
  return pools.flatMap(({ name, ranges }) =>
    ranges.flatMap((range) =>
      addressesIn(range).map((address) => presentInfo(address, name, range.interface, byAddress.get(address))),
    ),
  );
}

/** Addresses that a host carries, or is to carry. */
export const presentCarried = (pools: readonly FloatingPoolRow[], held: readonly FloatingIpRow[]): readonly unknown[] =>
  held.map((row) => presentInfo(row.address, row.poolName, interfaceOf(pools, row.address), row));

const interfaceOf = (pools: readonly FloatingPoolRow[], address: string): string | null =>
  pools.flatMap(({ ranges }) => ranges).find((range) => isIn(range, address))?.interface ?? null;

const presentInfo = (
  address: string,
  pool: string,
  leadsOut: string | null,
  row: FloatingIpRow | undefined,
): unknown => ({
  address,
  pool,
  interface: leadsOut,
  project_id: row?.projectId ?? null,
  instance_uuid: row?.instanceId ?? null,
  fixed_ip: row?.fixedAddress ?? null,
});
