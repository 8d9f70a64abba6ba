import type { HostPorts } from './jobs/job-context';
import type { Log } from './ports/log.port';

/**
 * Ends all that runs of Cairn on a host: guests, then their networks. Disks and journal stay, so the same guests come
 * back when the agent starts and is told what should run (`cairn down`). A suspended guest stays as it is: nothing of it
 * runs, and with its domain its saved memory would go.
 * @param own the instances of this agent; guests of another cloud on the same machine are left alone.
 */
export async function clearHost(ports: HostPorts, own: ReadonlySet<string>, log: Log): Promise<void> {
  const domains = (await ports.hypervisor.list()).filter(
    ({ instanceId, power }) => own.has(instanceId) && power !== 'suspended',
  );
  await Promise.all(domains.map(({ instanceId }) => ports.hypervisor.remove(instanceId)));
  await ports.network.down();
  log.info('host: cleared', { guests: domains.length });
}
