import { HOST_AGGREGATES, zoneOfHost } from '@cairn/domain';
import type { HostRow } from '@cairn/projections';
import type { Executor } from '../../runtime/ports';

/** Hosts' rows, each in the zone that its host is in now: a row itself has the zone of the enrolment. */
export async function inZones<R extends Pick<HostRow, 'id' | 'availabilityZone'>>(
  executor: Executor,
  rows: readonly R[],
): Promise<readonly R[]> {
  const state = await executor.state(HOST_AGGREGATES);
  if (state.byNumber.size === 0) return rows;
  return rows.map((row) => {
    const { id: hostId, availabilityZone } = row;
    return { ...row, availabilityZone: zoneOfHost(state, { hostId, availabilityZone }) };
  });
}
