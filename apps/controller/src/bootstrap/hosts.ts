import type { Host } from '@cairn/domain';
import type { HostConfig } from '../config';
import type { CommandContext, Executor } from '../runtime/ports';
import type { BootstrapCore } from './context';

/** Numbers of hypervisors and compute services, as nova's clients show them. */
const NUMBERS = { category: 'registry', id: 'hypervisors' };

export async function bootstrapHosts(
  { executor, config }: BootstrapCore,
  contextOf: (...step: readonly string[]) => CommandContext,
): Promise<void> {
  for (const host of config.cloud.hosts) {
    if ((await executor.state<Host>({ category: 'host', id: host.hostId })).enrolled) continue;
    await enrolHost(executor, host, contextOf);
  }
}

/** Makes a host known, with a number of its own. */
export async function enrolHost(
  executor: Executor,
  host: HostConfig,
  contextOf: (...step: readonly string[]) => CommandContext,
): Promise<void> {
  const allocate = { type: 'AllocateNumbers', data: { ownerIds: [host.hostId] } };
  const { answer } = await executor.execute(NUMBERS, allocate, contextOf('hypervisor', host.hostId));
  const [number] = answer as readonly number[];
  const target = { category: 'host', id: host.hostId };
  await executor.execute(target, { type: 'EnrolHost', data: { ...host, number } }, contextOf('host', host.hostId));
}
