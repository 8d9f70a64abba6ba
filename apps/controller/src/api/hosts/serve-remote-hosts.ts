import type { Redis } from 'ioredis';

import { remoteHostsService } from './hosts.service';
import type { Application } from '../../application/application';
import { type RunningService, startHttpService } from '../http';
import type { RemoteConfig } from '../../config';
import { ReadModelRoster } from '../../read-model-roster';
import { openEnrolments } from '../../remote-hosts/open-enrolments';

const PAUSE_MS = 2_000;

/**
 * Confines the store, lets every enrolled host in, and listens for them. Whenever Redis comes back it may have forgotten
 * its users: then they are made again.
 */
export async function serveRemoteHosts(
  application: Application,
  remote: RemoteConfig,
  redis: Redis,
  signal: AbortSignal,
): Promise<RunningService> {
  const { core } = application;
  const { config, readModel, clock, log } = core;
  const open = await openEnrolments(config, remote, core, redis);
  await open.store.confine();
  const roster = new ReadModelRoster(readModel, clock);
  const admitAll = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        if (!readModel.isReady()) throw new Error('the read model does not know all hosts yet');
        await open.enrolments.admitAll(await roster.hostIds());
        return;
      } catch (error) {
        if (readModel.isReady()) log.warn('the enrolled hosts could not be let in; trying again', { error });
        await clock.sleep(PAUSE_MS, signal);
      }
    }
  };
  redis.on('ready', () => void admitAll());
  void admitAll();
  const service = await startHttpService(application, remoteHostsService(remote, open));
  return {
    ...service,
    close: async () => {
      await service.close();
      await open.close();
    },
  };
}
