import { parseArgs } from 'node:util';

import { ConfigError } from '@cairn/config';
import { surviveWantOfResources } from '@cairn/edge';
import { processLog } from '@cairn/log';
import { surviveLostOutput } from '@cairn/os';

import { AgentProcess, takeState } from './agent';
import { clearHost } from './clear-host';
import { type AgentConfig, readConfig } from './config';
import { journalFile, openHost } from './drivers/open-host';
import { noController } from './http/no-controller';
import { FileJournal } from './journal/file-journal';
import type { Log } from './ports/log.port';
import { LockTaken } from './process-lock';
import { systemClock } from './system-clock';
import { messageOf } from './unknown-error';

const USAGE = 'usage: main.js --config FILE [--down]\n';

/** Runs until SIGTERM or SIGINT; a second one ends it at once. */
async function run(config: AgentConfig, log: Log): Promise<void> {
  const agent = await AgentProcess.start(config, log, ({ name }, virtType) => {
    process.stdout.write(`agent ready: ${name} (${virtType})\n`);
  });
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        log.info('stopping', { signal });
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
  await agent.stop();
  log.info('stopped');
}

async function down(config: AgentConfig, log: Log): Promise<void> {
  for (const host of config.hosts) {
    const open = await openHost({ config, host, controller: noController, clock: systemClock, log, blobs: new Map() });
    const journal = await FileJournal.open(journalFile(config, host));
    const instances = (await journal.present()).filter(({ resource }) => resource.category === 'instance');
    const asked = instances.map(({ resource }) => resource.id);
    await clearHost(open.ports, new Set([...asked, ...(await open.instances())]), log.with({ host: host.name }));
    await journal.close();
    await open.close();
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { config: { type: 'string' }, down: { type: 'boolean', default: false } } });
  if (values.config === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  surviveLostOutput();
  const log = processLog();
  surviveWantOfResources((error) => {
    log.error('the system lacks something', { error });
  });
  // A promise that nobody waited for is a bug, but no reason to leave the guests of this host without an agent.
  process.on('unhandledRejection', (error) => {
    log.error('unhandled rejection', { error });
  });
  // QEMU runs as another user and must reach the disks; what is secret is created with a mode of its own.
  process.umask(0o022);
  const config = await readConfig(values.config);
  const lock = await takeState(config);
  try {
    await (values.down ? down(config, log) : run(config, log));
  } finally {
    await lock.release();
  }
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof ConfigError || error instanceof LockTaken)
      process.stderr.write(`agent: ${messageOf(error)}\n`);
    else processLog().error('the agent cannot run', { error });
    process.exit(1);
  },
);
