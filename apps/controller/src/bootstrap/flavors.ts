import { DEFAULT_FLAVORS, streamRef } from '@cairn/domain';
import { FLAVOR_NAMES, UniqueNames } from '../application/core/unique-names';
import type { CommandContext } from '../runtime/ports';
import type { BootstrapCore } from './context';

export async function bootstrapFlavors(
  { executor }: BootstrapCore,
  contextOf: (...step: readonly string[]) => CommandContext,
): Promise<void> {
  const names = new UniqueNames(executor, FLAVOR_NAMES);
  for (const data of DEFAULT_FLAVORS) {
    const { flavorId, name } = data;
    const target = streamRef('flavor', flavorId);
    if ((await executor.state(target)).life !== 'absent') continue;
    const context = contextOf('flavor', flavorId);
    await names.claim(name, flavorId, context);
    await executor.execute(target, { type: 'CreateFlavor', data }, context);
    await names.confirm(name, flavorId, context);
  }
}
