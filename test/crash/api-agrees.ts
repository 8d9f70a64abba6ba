import { addressesOf } from '@cairn/domain';

import { serverStatus } from '../../apps/controller/src/api/openstack/compute/servers/server-status';
import type { Auditor } from '../sim/invariants/auditor';

import type { Tenant } from './tenant';

interface Server {
  readonly id: string;
  readonly status: string;
  readonly addresses: Readonly<Record<string, readonly { readonly addr: string }[]>>;
}

/** What the API says is what the log says: servers with status and addresses, quota, capacity, hosts. */
export async function checkApi(auditor: Auditor, tenant: Tenant, admin: Tenant): Promise<readonly string[]> {
  const end = Date.now() + 10_000;
  for (;;) {
    const wanted = byTheLog(auditor, tenant.projectId);
    const found = await byTheApi(tenant, admin);
    const wrong = Object.keys(wanted).filter((key) => wanted[key] !== found[key]);
    if (wrong.length === 0) return [];
    // The lists follow the log with a moment's delay.
    if (Date.now() > end)
      return wrong.map((key) => `${key} by the API: ${found[key] ?? ''}; by the log: ${wanted[key] ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function byTheLog(auditor: Auditor, projectId: string): Record<string, string> {
  const servers = auditor
    .all('instance')
    .filter(([, { request, vmState }]) => request !== undefined && vmState !== 'deleted')
    .map(
      ([id, instance]) =>
        `${id} ${serverStatus(instance.vmState, null)} ${addressesOf(instance)
          .map(({ address }) => address)
          .join(' ')}`,
    );
  const hosts = auditor.all('host').map(([, host]) => host);
  const usage = auditor.all('quota').find(([id]) => id === projectId)?.[1].usage;
  return {
    servers: servers.sort().join(', '),
    quota: JSON.stringify([usage?.['instances'] ?? 0, usage?.['cores'] ?? 0, usage?.['ram'] ?? 0]),
    capacity: JSON.stringify([
      hosts.reduce((sum, { claims }) => sum + claims.size, 0),
      hosts.reduce((sum, { used }) => sum + used.vcpus, 0),
    ]),
    hosts: hosts
      .map(({ name }) => `${name} up`)
      .sort()
      .join(', '),
  };
}

async function byTheApi(tenant: Tenant, admin: Tenant): Promise<Record<string, string>> {
  const [list, limits, stats, services] = await Promise.all([
    admin.know<{ servers: readonly Server[] }>('/servers/detail?all_tenants=1'),
    tenant.know<{ limits: { absolute: Readonly<Record<string, number>> } }>('/limits'),
    admin.know<{ hypervisor_statistics: Readonly<Record<string, number>> }>('/os-hypervisors/statistics'),
    admin.know<{ services: readonly { binary: string; host: string; state: string }[] }>(
      '/os-services?binary=nova-compute',
    ),
  ]);
  const { absolute } = limits.limits;
  const { hypervisor_statistics: total } = stats;
  return {
    servers: list.servers
      .map(
        ({ id, status, addresses }) =>
          `${id} ${status} ${Object.values(addresses)
            .flat()
            .map(({ addr }) => addr)
            .join(' ')}`,
      )
      .sort()
      .join(', '),
    quota: JSON.stringify([absolute['totalInstancesUsed'], absolute['totalCoresUsed'], absolute['totalRAMUsed']]),
    capacity: JSON.stringify([total['running_vms'], total['vcpus_used']]),
    hosts: services.services
      .map(({ host, state }) => `${host} ${state}`)
      .sort()
      .join(', '),
  };
}
