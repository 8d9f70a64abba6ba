import { streamRef } from '@cairn/domain';
import type { HostConfig } from '../config';
import type { CommandContext, Executor } from '../runtime/ports';
import type { BootstrapCore } from './context';

/** Numbers of hypervisors and compute services, as nova's clients show them. */
const NUMBERS = streamRef('registry', 'hypervisors');

export async function bootstrapHosts(
  { executor, config }: BootstrapCore,
  contextOf: (...step: readonly string[]) => CommandContext,
): Promise<void> {
  for (const host of config.cloud.hosts) {
    if ((await executor.state(streamRef('host', host.hostId))).enrolled) continue;
    await enrolHost(executor, host, contextOf);
  }
}

/** Makes a host known, with a number of its own. */
export async function enrolHost(
  executor: Executor,
  host: HostConfig,
  contextOf: (...step: readonly string[]) => CommandContext,
): Promise<void> {
  const allocate = { type: 'AllocateNumbers', data: { ownerIds: [host.hostId] } } as const;
  const { answer } = await executor.execute(NUMBERS, allocate, contextOf('hypervisor', host.hostId));
  const [number = 0] = answer;
  const target = streamRef('host', host.hostId);
  await executor.execute(target, { type: 'EnrolHost', data: { ...host, number } }, contextOf('host', host.hostId));
}
