import type { RecordedEvent } from '@cairn/event-store';

import type { Receipt } from '../facade';

import type { Auditor } from './auditor';

/** What a tenant was told to have happened is in the log, and a launch that was accepted has come to an end. */
export function checkReceipts(auditor: Auditor, log: readonly RecordedEvent[], receipts: readonly Receipt[]): void {
  const commands = new Set(log.map(({ stream, metadata }) => `${stream}/${String(metadata['commandId'])}`));
  for (const { stream, commandId, changed } of receipts) {
    if (changed && !commands.has(`${stream}/${commandId}`))
      auditor.claim(`command ${commandId} to ${stream} was acknowledged but is not in the log`);
  }
  for (const [id, { vmState, request }] of auditor.all('instance')) {
    const asked = receipts.some(({ stream }) => stream === `instance-${id}`);
    if (asked && request === undefined) auditor.claim(`instance ${id} was acknowledged but is ${vmState}`);
  }
}
