import { recordTurn } from '@cairn/event-store';

import type { ControllerConfig } from '../../config';
import { connectStore } from '../../connect-store';
import { checkHead, described, LogLost } from '../../log-head/check-head';
import { headKey, rememberedHead } from '../../log-head/signed-head';
import { rememberAll } from './import';
import { say } from './words';

/**
 * Takes the log as it is, also where it lacks what the cloud has seen of it: that is recorded in the log, which therefore is
 * another history for all that was made from it.
 */
export async function acceptLog(config: ControllerConfig): Promise<number> {
  const store = connectStore(config);
  try {
    const key = await headKey(config.stateDir);
    const seen = await rememberedHead(config.stateDir, key).catch((error: unknown) => {
      say(String(error));
      return undefined;
    });
    const lost = seen === undefined ? undefined : await checkHead(store, seen).catch(asLost);
    if (seen !== undefined && lost === undefined) {
      say(`the log has all that was seen of it, up to ${described(seen)}: there is nothing to accept`);
      return 0;
    }
    await recordTurn(store, 'accepted', seen === undefined ? {} : { without: seen });
    if (seen !== undefined) say(`lost: what was between this log and ${described(seen)}`);
    await rememberAll(store, config.stateDir);
    return 0;
  } finally {
    await store.close();
  }
}

function asLost(error: unknown): LogLost {
  if (error instanceof LogLost) return error;
  throw error;
}
