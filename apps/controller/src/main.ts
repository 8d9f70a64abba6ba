import 'reflect-metadata';

import { ConfigError } from '@cairn/config';
import { ConnectionStringError } from '@cairn/event-store';
import { processLog } from '@cairn/log';
import { surviveWantOfResources } from '@cairn/edge';
import { surviveLostOutput } from '@cairn/os';
import { startHttpService } from './api/http';
import { openApplication } from './application/application';
import { SERVICES } from './services';
import { bootstrap } from './bootstrap/bootstrap';
import { loadConfig } from './config';
import { LogLost } from './log-head/check-head';
import { LogMoved } from './log-head/log-witness';
import { assemble } from './core.factory';
import { serveRemoteHosts } from './api/hosts/serve-remote-hosts';
import { systemClock } from './runtime/system-clock';

/** One controller process: HTTP servers in front, processes behind, until it is told to end. */
async function main([flag, file]: readonly string[]): Promise<void> {
  if (flag !== '--config' || file === undefined) throw new Error('usage: main --config FILE');
  surviveLostOutput();
  const log = processLog({ now: () => systemClock.now() });
  surviveWantOfResources((error) => {
    log.error('the system lacks something', { error });
  });
  const config = loadConfig(file);
  const controller = await assemble(config, log);
  const { core } = controller;
  const ending = new AbortController();
  const running = controller.run(ending.signal);
  await bootstrap(core);
  const application = await openApplication(core);
  const services = await Promise.all([
    ...SERVICES.map((service) => startHttpService(application, service(config))),
    ...(config.remote === null ? [] : [serveRemoteHosts(application, config.remote, controller.redis, ending.signal)]),
  ]);
  const ended = Promise.race([endOfProcess(), running]);
  await Promise.race([controller.hasRead(), ended]);
  process.stdout.write(`controller ready: ${services.map(({ name, url }) => `${name} ${url}`).join(' ')}\n`);
  // They end by themselves only when their state is worthless, after a restore of the log: the supervisor restarts them.
  await ended;
  log.info('ending');
  await Promise.all(services.map((service) => service.close()));
  await application.close();
  ending.abort();
  await Promise.race([running, systemClock.sleep(10_000)]);
  await controller.close();
}

const endOfProcess = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => {
        resolve();
      });
  });

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    // what an operator has set needs no stack
    const told = [ConfigError, ConnectionStringError, LogLost, LogMoved];
    const isSet = told.some((kind) => error instanceof kind);
    const why = error instanceof Error ? ((isSet ? undefined : error.stack) ?? error.message) : String(error);
    process.stderr.write(`${why}\n`);
    process.exit(1);
  },
);
