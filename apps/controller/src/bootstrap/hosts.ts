import type { Host } from '@cairn/domain';
import type { CommandContext } from '../runtime/ports';
import type { BootstrapCore } from './context';

/** Numbers of hypervisors and compute services, as nova's clients show them. */
const NUMBERS = { category: 'registry', id: 'hypervisors' };

export async function bootstrapHosts(
  { executor, config }: BootstrapCore,
  contextOf: (...step: readonly string[]) => CommandContext,
): Promise<void> {
  for (const host of config.cloud.hosts) {
    const target = { category: 'host', id: host.hostId };
    if ((await executor.state<Host>(target)).enrolled) continue;
    const allocate = { type: 'AllocateNumbers', data: { ownerIds: [host.hostId] } };
    const { answer } = await executor.execute(NUMBERS, allocate, contextOf('hypervisor', host.hostId));
    const [number] = answer as readonly number[];
    await executor.execute(target, { type: 'EnrolHost', data: { ...host, number } }, contextOf('host', host.hostId));
  }
}
