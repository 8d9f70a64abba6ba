import type { HostQuery } from '@cairn/host-protocol';

import type { Controller } from '../ports/controller.port';
import type { Hypervisor } from '../ports/hypervisor.port';

/** Answers with the console's last lines. Nothing is recorded: a question that is lost is asked again. */
export async function readConsole(
  { requestId, resource, payload }: HostQuery,
  hypervisor: Hypervisor,
  controller: Controller,
): Promise<void> {
  await controller.reply(requestId, await hypervisor.readConsole(resource.id, payload.lines));
}
