import type { HostQuery, QueryKind } from '@cairn/host-protocol';

import type { Controller } from '../ports/controller.port';
import type { Hypervisor } from '../ports/hypervisor.port';

/** Questions that words answer. */
export type TextQuery = Exclude<QueryKind, 'open-console'>;

function answerTo(query: HostQuery<TextQuery>, hypervisor: Hypervisor): Promise<string> {
  switch (query.kind) {
    case 'read-console':
      return hypervisor.readConsole(query.resource.id, query.payload.lines);
    case 'read-diagnostics':
      return hypervisor.diagnostics(query.resource.id).then((found) => JSON.stringify(found));
    case 'read-uptime':
      return hypervisor.uptime();
  }
}

/** Answers a question. Nothing is recorded: one that is lost is asked again. */
export async function answerQuery(
  query: HostQuery<TextQuery>,
  hypervisor: Hypervisor,
  controller: Controller,
): Promise<void> {
  await controller.reply(query.requestId, await answerTo(query, hypervisor));
}
