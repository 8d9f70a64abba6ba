import { createConnection } from 'node:net';

import type { HostRule, HostSecurity } from '@cairn/host-protocol';

import { linuxNetworkHarness, portOf } from '../../../apps/agent/src/drivers/testing/network-lab';
import type { Cloud } from '../../e2e/cloud';
import { addressOf, GuestCloud } from '../../e2e/guest-cloud';
import { whyNoRealGuest } from '../../e2e/real-guests';
import { FIRST_PORT } from '../bench-cloud';
import { type Figure, percentile } from '../figures';
import { Tenant } from '../tenant';

const MEMBERS = 1_000;
const TIMES = 11;
/** Nothing in the guest listens there: what reaches it is answered by a refusal. */
const PORT = 7_777;
/** Nova has no security groups from 2.36 on. */
const MICROVERSION = '2.35';
const [PROJECT, WEB, DB] = ['a1', 'b1', 'b2'].map((end) => `00000000-0000-4000-8000-0000000000${end}`) as [
  string,
  string,
  string,
];

/** Security groups on this machine: from a request to the first packet, and one change among many members. */
export async function filtering(): Promise<readonly Figure[]> {
  const missing = whyNoRealGuest();
  if (missing !== undefined) throw new Error(missing);
  const of = { unit: 'ms', better: 'less' } as const;
  const members = `one of ${String(MEMBERS)} members of a group`;
  return [
    { what: 'real host: rule request to packet passing', value: await ruleToPacket(), bar: 150, ...of },
    { what: `real host: ${members}, until the kernel knows`, value: await memberChange(), bar: 50, ...of },
  ];
}

async function ruleToPacket(): Promise<number> {
  const cloud = new GuestCloud({ firstPort: FIRST_PORT + 20, cidr: '10.213.98.0/24', bridge: 'brbenchfilt' });
  try {
    await cloud.begin();
    return await opened(cloud, addressOf(await cloud.launch('guest')));
  } finally {
    await cloud.destroy();
  }
}

interface Numbered {
  readonly id: number;
}

/** How long it takes from a request to the first packet, in the middle of several times. */
async function opened(cloud: Cloud, address: string): Promise<number> {
  const access = { identity: cloud.url('identity'), compute: cloud.url('compute'), user: 'demo', project: 'demo' };
  const tenant = await Tenant.login({ ...access, password: cloud.password('demo') });
  const call = <T>(status: number, method: string, path: string, body?: object): Promise<T | undefined> =>
    tenant.compute<T>(status, method, path, body, MICROVERSION);
  const listed = await call<{ security_groups: readonly Numbered[] }>(200, 'GET', '/os-security-groups');
  const rule = { parent_group_id: listed?.security_groups[0]?.id, ip_protocol: 'tcp', from_port: PORT, to_port: PORT };
  const times: number[] = [];
  for (let i = 0; i <= TIMES; i += 1) {
    const began = performance.now();
    const [made] = await Promise.all([
      call<{ security_group_rule: Numbered }>(200, 'POST', '/os-security-group-rules', { security_group_rule: rule }),
      answered(address),
    ]);
    if (i > 0) times.push(performance.now() - began); // while the guest boots, it answers nobody
    await call(202, 'DELETE', `/os-security-group-rules/${String(made?.security_group_rule.id)}`);
    while (await answers(address, 1_000)) continue;
  }
  return percentile(times, 0.5);
}

/** Tries every few milliseconds, since a connection tries again only after a second, until one is answered. */
async function answered(address: string): Promise<void> {
  const first = Promise.withResolvers<undefined>();
  const tries = setInterval(() => {
    void answers(address, 1_000).then((one) => {
      if (one) first.resolve(undefined);
    });
  }, 5);
  await first.promise.finally(() => {
    clearInterval(tries);
  });
}

/** Whether the guest answers a connection within that time, also by a refusal. */
const answers = (host: string, timeout: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = createConnection({ host, port: PORT, timeout });
    const end = (is: boolean): void => {
      socket.destroy();
      done(is);
    };
    socket.once('error', (error: NodeJS.ErrnoException) => {
      end(error.code === 'ECONNREFUSED');
    });
    socket.once('connect', () => {
      end(true);
    });
    socket.once('timeout', () => {
      end(false);
    });
  });

/** A member leaves, or comes back: until the host's kernel has the change. */
async function memberChange(): Promise<number> {
  const host = await linuxNetworkHarness();
  const { network } = host;
  try {
    await network.ensurePort({ ...portOf(1), guard: { projectId: PROJECT, groups: [WEB], revision: 0 } });
    const all = Array.from({ length: MEMBERS }, (_, i) => `10.9.${String(i >> 8)}.${String(i & 255)}`);
    const times: number[] = [];
    for (let version = 1; version <= TIMES + 1; version += 1) {
      const began = performance.now();
      await network.applySecurity(PROJECT, known(version, version % 2 === 0 ? all.slice(1) : all));
      if (version > 1) times.push(performance.now() - began);
    }
    return percentile(times, 0.5);
  } finally {
    await host.close();
  }
}

const BY_MEMBERS: HostRule = {
  direction: 'ingress',
  ethertype: 'IPv4',
  protocol: 'tcp',
  from: 22,
  to: 22,
  remote: { groupId: DB },
};

const known = (version: number, addresses: readonly string[]): HostSecurity => ({
  version,
  groups: [{ groupId: WEB, rules: [BY_MEMBERS] }],
  members: [{ groupId: DB, addresses }],
  changed: [],
});
