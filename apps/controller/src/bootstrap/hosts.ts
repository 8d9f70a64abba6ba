import { streamRef } from '@cairn/domain';
import { allocateNumber, numberRegistry } from '../application/core/numbers';
import type { HostConfig } from '../config';
import type { CommandContext, Executor } from '../runtime/ports';
import type { BootstrapCore } from './context';

/** Numbers of hypervisors and compute services, as nova's clients show them. */
const NUMBERS = numberRegistry('hypervisors');

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
  const number = await allocateNumber(executor, NUMBERS, host.hostId, contextOf('hypervisor', host.hostId));
  const target = streamRef('host', host.hostId);
  await executor.execute(target, { type: 'EnrolHost', data: { ...host, number } }, contextOf('host', host.hostId));
}
