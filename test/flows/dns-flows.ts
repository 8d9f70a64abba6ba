import { DNS } from '@cairn/domain';

import type { FlowLab } from './flow-lab';
import type { Flow } from './flow-server';

const DOMAIN = 'example.org';

/** As when their agents start. */
async function known(lab: FlowLab): Promise<void> {
  for (const { hostId } of lab.machines) await lab.send(DNS, { type: 'AddDnsHost', data: { hostId } });
}

async function named(lab: FlowLab): Promise<void> {
  const domain = { domain: DOMAIN, scope: 'public', projectId: null, availabilityZone: null };
  await lab.send(DNS, { type: 'SetDnsDomain', data: domain });
  const entry = { domain: DOMAIN, name: 'www', address: '203.0.113.1', by: null };
  await lab.send(DNS, { type: 'SetDnsEntry', data: entry });
}

async function toldOnce(lab: FlowLab): Promise<void> {
  await known(lab);
  await named(lab);
  await lab.settle();
}

/** `settled` when every host has the names as they are. */
async function told(lab: FlowLab): Promise<string> {
  const { hosts, version } = await lab.state(DNS);
  const have = [...hosts.values()].filter(({ applied }) => applied === version);
  return have.length === lab.machines.length ? 'settled' : 'half done';
}

export const DNS_FLOWS: readonly Flow[] = [
  {
    name: 'a name that hosts are told',
    prepare: known,
    begin: named,
    outcome: told,
    end: 'settled',
    otherwise: ['settled'],
  },
  {
    name: 'a name that goes with its domain',
    prepare: toldOnce,
    begin: (lab) => lab.send(DNS, { type: 'DeleteDnsDomain', data: { domain: DOMAIN } }),
    outcome: told,
    end: 'settled',
    otherwise: ['settled'],
  },
];
