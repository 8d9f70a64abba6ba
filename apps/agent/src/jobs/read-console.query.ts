import type { ReadConsoleQuery } from '@cairn/host-protocol';

import type { Controller } from '../ports/controller.port';
import type { Hypervisor } from '../ports/hypervisor.port';

/** Answers with the console's last lines. Nothing is recorded: a question that is lost is asked again. */
export async function readConsole(
  query: ReadConsoleQuery,
  hypervisor: Hypervisor,
  controller: Controller,
): Promise<void> {
  await controller.reply(query.requestId, await hypervisor.readConsole(query.instanceId, query.lines));
}
