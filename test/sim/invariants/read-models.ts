import { addressesOf, hostOf, type Instance, taskState } from '@cairn/domain';
import {
  HostClaimRow,
  HostRow,
  NetworkAddressRow,
  NetworkRow,
  QuotaReservationRow,
  QuotaRow,
  type Row,
  ServerRow,
} from '@cairn/projections';

import type { MemoryReadModel } from '../../../libs/projections/src/runner/memory-read-model';
import { ParkedStreamRow } from '../../../libs/projections/src/runner/rows';

import type { Auditor } from './auditor';

const TABLES: readonly (new () => Row)[] = [
  HostClaimRow,
  HostRow,
  NetworkAddressRow,
  NetworkRow,
  ParkedStreamRow,
  QuotaReservationRow,
  QuotaRow,
  ServerRow,
];

/** Rows that grew with the log are those that are built from the whole log at once. */
export function checkSameRows(auditor: Auditor, name: string, rows: MemoryReadModel, rebuilt: MemoryReadModel): void {
  for (const table of TABLES) {
    const [have, want] = [JSON.stringify(rows.all(table)), JSON.stringify(rebuilt.all(table))];
    if (have !== want) auditor.claim(`${table.name}s of ${name} are ${have}; a rebuild gives ${want}`);
  }
}

/** Rows say what the streams' own folds say. */
export function checkRowsAgainstStreams(auditor: Auditor, rows: MemoryReadModel): void {
  for (const { id } of rows.all(ParkedStreamRow)) auditor.claim(`the read model parked ${id}`);
  for (const [id, instance] of auditor.all('instance')) {
    const row = rows.get(ServerRow, id);
    const [have, want] = [JSON.stringify(row === undefined ? null : seen(row)), JSON.stringify(expected(instance))];
    if (have !== want) auditor.claim(`the row of server ${id} says ${have} instead of ${want}`);
  }
  for (const [id, { used, up, enabled, bootId, claims }] of auditor.all('host')) {
    const row = rows.get(HostRow, id);
    const have = [row?.usedVcpus, row?.usedRamMb, row?.usedDiskGb, row?.runningVms, row?.up, row?.enabled, row?.bootId];
    const want = [used.vcpus, used.ramMb, used.diskGb, claims.size, up, enabled, bootId];
    if (JSON.stringify(have) !== JSON.stringify(want))
      auditor.claim(`the row of host ${id} says ${JSON.stringify(have)} instead of ${JSON.stringify(want)}`);
  }
  const items = rows.all(QuotaReservationRow).length;
  const reserved = auditor.all('quota').reduce((sum, [, quota]) => sum + quota.held.size, 0);
  if (items !== reserved) auditor.claim(`${String(items)} rows for ${String(reserved)} reservations`);
}

const seen = (row: ServerRow): readonly unknown[] => [
  row.vmState,
  row.taskState,
  row.generation,
  row.hostId,
  row.name,
  row.metadata,
  row.deleted ? [] : row.addresses.map(({ address, mac }) => [address, mac]),
  row.faultCode,
];

function expected(instance: Instance): readonly unknown[] | null {
  const { vmState, generation, request, fault } = instance;
  if (request === undefined) return null;
  return [
    vmState,
    taskState(instance),
    generation,
    hostOf(instance)?.hostId ?? null,
    request.name,
    request.metadata,
    vmState === 'deleted' ? [] : addressesOf(instance).map(({ address, mac }) => [address, mac]),
    fault?.code ?? null,
  ];
}
