import type { HostPorts } from './jobs/job-context';
import type { Log } from './ports/log.port';

/**
 * Ends all that runs of Cairn on a host: guests, then their networks. Disks and journal stay, so the same guests come
 * back when the agent starts and is told what should run (`cairn down`).
 */
export async function clearHost({ hypervisor, network }: HostPorts, log: Log): Promise<void> {
  const domains = (await hypervisor.list()).filter(({ instanceId }) => instanceId !== '');
  await Promise.all(domains.map(({ instanceId }) => hypervisor.remove(instanceId)));
  await network.down();
  log.info('host: cleared', { guests: domains.length });
}
