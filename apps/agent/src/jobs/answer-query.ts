import type { HostQuery } from '@cairn/host-protocol';

import type { Controller } from '../ports/controller.port';
import type { Hypervisor } from '../ports/hypervisor.port';

function answerTo(query: HostQuery, hypervisor: Hypervisor): Promise<string> {
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
export async function answerQuery(query: HostQuery, hypervisor: Hypervisor, controller: Controller): Promise<void> {
  await controller.reply(query.requestId, await answerTo(query, hypervisor));
}
