import { type Enrolment, own, streamRef } from '@cairn/domain';
import { later } from '@cairn/domain';

import { enrolHost } from '../bootstrap/hosts';
import type { ControllerConfig, RemoteConfig } from '../config';
import { connectStore } from '../connect-store';
import { commandExecutor, redisOf } from '../core.factory';
import { openKeyring } from '../keyring';
import { silentLog } from '../log';
import { systemRandom } from '../random';
import type { Enrolments } from '../remote-hosts/enrolments';
import { openEnrolments } from '../remote-hosts/open-enrolments';
import { type CommandContext, type Executor, SYSTEM } from '../runtime/ports';
import { systemClock } from '../runtime/system-clock';
import { wholeLog } from './log-scan';

const NAME = /^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,61}[a-zA-Z0-9])?$/;
const USAGE = 'usage: cairn host enroll NAME | revoke NAME | list';
const NOT_REMOTE = 'this cloud listens on loopback only: give CAIRN_HOSTS_ADDRESS to ./cairn up first';

/** What the commands work with. */
interface Desk {
  readonly executor: Executor;
  readonly enrolments: Enrolments;
  readonly remote: RemoteConfig;
  /** Ids of all hosts by name; the newest of a name. */
  readonly hosts: ReadonlyMap<string, string>;
}

type Work = (desk: Desk, name: string) => Promise<string>;

const WORK: Readonly<Record<string, Work>> = { enroll, revoke, list };

/** Lets machines be hosts of this cloud, shuts them out, and shows which are. */
export async function host(config: ControllerConfig, verb = '', name = ''): Promise<number> {
  const work = own(WORK, verb);
  if (work === undefined || (verb !== 'list' && !NAME.test(name))) throw new Error(USAGE);
  const { remote } = config;
  if (remote === null) throw new Error(NOT_REMOTE);
  const store = connectStore(config);
  const redis = redisOf(config, silentLog);
  const keyring = await openKeyring(config.stateDir, systemClock, systemRandom);
  const executor = commandExecutor(store, keyring, silentLog);
  const parts = { executor, keyring, clock: systemClock, random: systemRandom };
  const open = await openEnrolments(config, remote, parts, redis);
  const { enrolments } = open;
  try {
    const hosts = new Map<string, string>();
    for await (const { type, data } of wholeLog(store))
      if (type === 'host.enrolled.v1') hosts.set(String(data['name']), String(data['hostId']));
    process.stdout.write(await work({ executor, enrolments, remote, hosts }, name));
    return 0;
  } finally {
    await open.close();
    redis.disconnect();
    await store.close();
  }
}

async function enroll({ executor, enrolments, remote, hosts }: Desk, name: string): Promise<string> {
  const hostId = hosts.get(name) ?? systemRandom.uuid();
  const { hostId: known } = await enrolments.enrolment(hostId);
  if (hosts.has(name) && known === '') throw new Error(`${name} is a host of this machine: it needs no enrolment`);
  const data = { hostId, name, availabilityZone: 'nova' };
  const { enrolled } = await executor.state(streamRef('host', hostId));
  if (!enrolled) await enrolHost(executor, data, () => contextOfNow());
  const token = await enrolments.issueToken(hostId, name);
  const url = `https://${remote.address.includes(':') ? `[${remote.address}]` : remote.address}:${String(remote.port)}`;
  return [
    `host ${name} (${hostId}) may join within 15 minutes, once. On that machine:`,
    `  ./cairn host join ${url}`,
    'and give it this token when it asks:',
    `  ${token}`,
    '',
  ].join('\n');
}

async function revoke({ enrolments, hosts }: Desk, name: string): Promise<string> {
  const hostId = hosts.get(name);
  if (hostId === undefined) throw new Error(`no host is called ${name}`);
  await enrolments.revoke(hostId);
  return `host ${name} (${hostId}) may do nothing any more; its servers stay on record there\n`;
}

async function list({ executor, enrolments, hosts }: Desk): Promise<string> {
  const lines: string[] = [];
  for (const [name, hostId] of hosts) {
    const { up, enrolled } = await executor.state(streamRef('host', hostId));
    if (!enrolled) continue;
    lines.push(
      `${name.padEnd(24)} ${hostId}  ${up ? 'up  ' : 'down'}  ${stateOf(await enrolments.enrolment(hostId))}\n`,
    );
  }
  return lines.join('');
}

function stateOf({ hostId, token, member }: Enrolment): string {
  if (member !== null) return 'enrolled';
  if (token !== null) return `may join until ${token.expiresAt}`;
  return hostId === '' ? 'on this machine' : 'revoked';
}

function contextOfNow(): CommandContext {
  const commandId = systemRandom.uuid();
  return {
    commandId,
    actor: SYSTEM,
    api: 'cli',
    requestId: `req-${systemRandom.uuid()}`,
    clientAddress: null,
    correlationId: commandId,
    causationId: commandId,
    deadline: later(systemClock.now(), 20_000),
    unheard: true,
  };
}
