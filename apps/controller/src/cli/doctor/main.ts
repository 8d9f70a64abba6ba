import { parseArgs } from 'node:util';

import type { EventStore } from '@cairn/event-store';

import { loadConfig } from '../../config';
import { connectStore } from '../../connect-store';
import { serverInLog } from '../server-in-log';
import { askAgent } from './ask-agent';
import { examined, rendered } from './examine';
import { loggedHosts, type LoggedHost } from './log-of-networks';

const USAGE = 'usage: ./cairn doctor network [SERVER] [--fix]';

/** What the operator asks, and whom. */
interface Asked {
  readonly fix: boolean;
  /** Sockets of the agents of this machine. */
  readonly agents: readonly string[];
  readonly server: string | undefined;
  /** Undefined where the log is on another machine. */
  readonly store: EventStore | undefined;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function doctor({ fix, agents, server, store }: Asked): Promise<number> {
  const logged = store === undefined ? undefined : await loggedHosts(store);
  const id = server === undefined ? undefined : await idOf(server, store);
  let isWrong = false;
  const seen = new Set<string>();
  for (const agent of agents) {
    try {
      const before = await askAgent(agent, false);
      const after = fix ? await askAgent(agent, true) : before;
      for (const host of after.hosts) {
        seen.add(host.hostId);
        const earlier = before.hosts.find(({ hostId }) => hostId === host.hostId) ?? host;
        const log = logged?.find(({ hostId }) => hostId === host.hostId);
        if (id !== undefined && !concerns(id, host, log)) continue;
        const found = examined(earlier, host, log, id);
        say(rendered(found));
        isWrong ||= found.lines.some(({ mark }) => mark === 'WRONG');
      }
    } catch (error) {
      isWrong = true;
      say(`The agent behind ${agent} cannot be asked: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (logged === undefined) say('The log is on another machine: run this there, too, to compare hosts with it.');
  for (const { name } of (logged ?? []).filter(({ hostId }) => !seen.has(hostId)))
    say(`host ${name} was not looked at: run ./cairn doctor network there`);
  return isWrong ? 1 : 0;
}

const concerns = (
  id: string,
  { findings }: { readonly findings: readonly { readonly instanceId?: string }[] },
  log: LoggedHost | undefined,
): boolean =>
  findings.some(({ instanceId }) => instanceId === id) ||
  log?.ports.some(({ instanceId }) => instanceId === id) === true;

async function idOf(server: string, store: EventStore | undefined): Promise<string> {
  if (store !== undefined) return (await serverInLog(store, server)).id;
  return server;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      config: { type: 'string' },
      agent: { type: 'string', multiple: true, default: [] },
      fix: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const [what, server, ...others] = positionals;
  if (what !== 'network' || others.length > 0) throw new Error(USAGE);
  const store = values.config === undefined ? undefined : connectStore(loadConfig(values.config));
  try {
    return await doctor({ fix: values.fix, agents: values.agent, server, store });
  } finally {
    await store?.close();
  }
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
