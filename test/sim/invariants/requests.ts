import type { Reservation } from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';

import type { Auditor } from './auditor';

/**
 * A request for several servers happens as a whole or not at all: where one of those that were reserved for at once never
 * was launched, none is left. What somebody was told to have is never undone.
 */
export function checkRequests(
  auditor: Auditor,
  log: readonly RecordedEvent[],
  promised: ReadonlySet<string> = new Set(),
): void {
  const instances = new Map(auditor.all('instance'));
  const isLaunched = (id: string): boolean => instances.get(id)?.request !== undefined;
  const isLeft = (id: string): boolean => isLaunched(id) && instances.get(id)?.vmState !== 'deleted';
  for (const { type, data } of log) {
    if (type !== 'quota.reserved.v2') continue;
    const ids = (data['reservations'] as readonly Reservation[]).map(({ owner }) => owner.id);
    const [missing, left] = [ids.filter((id) => !isLaunched(id)), ids.filter(isLeft)];
    if (missing.length > 0 && left.length > 0)
      auditor.claim(`of one request ${left.join(' ')} are left, ${missing.join(' ')} were never launched`);
  }
  for (const { type, data } of log) {
    if (type !== 'instance.launch-undone.v1') continue;
    const { instanceId: id } = data as unknown as { readonly instanceId: string };
    if (promised.has(id)) auditor.claim(`${id} was undone after its request was answered`);
  }
  for (const id of promised) if (!isLaunched(id)) auditor.claim(`${id} was promised but never launched`);
}
