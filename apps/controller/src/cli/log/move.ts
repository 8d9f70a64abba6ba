import { type EventStore, movedTo, NAME_STREAM, nameOf, recordTurn } from '@cairn/event-store';

import { type ControllerConfig, loadConfig } from '../../config';
import { connectionOf, connectStore } from '../../connect-store';
import { patiently } from '../check-log';
import { logFrom, wholeLog } from '../log-scan';
import { LogCopy } from './copy-log';
import { checkCopy, rememberAll } from './import';
import { rateOf, say, tell } from './words';

/** Exit status of a move that has failed before the present log was closed. */
const NOT_BEGUN = 4;

/**
 * `log-move CONFIGURATION PLACE FROM`: makes the log that the configuration names this cloud's one: the same events in the
 * same order, with their chains and the cloud's name. The present log then says that it was moved, and is refused from
 * then on. Killed at any point, it goes on where it was when it is called again. Nobody may use the log meanwhile.
 * @param place of the log there, as the present one is to say it
 * @param from what the log there is to say of the present one's place
 */
export async function moveLog(config: ControllerConfig, configuration = '', place = '', from = ''): Promise<number> {
  const there = loadConfig(configuration);
  const [source, target] = [connectStore(config), connectStore(there)];
  let isBegun = true;
  try {
    const present = movedTo(await source.last(NAME_STREAM));
    isBegun = present === place;
    if (present !== undefined && present !== place)
      throw new Error(
        `the log is being moved to ${present}: finish that, or take it back by ./cairn log move --abandon`,
      );
    await patiently(connectionOf(there));
    await mustDiffer(source, target);
    const began = performance.now();
    const copy = new LogCopy(target, tell);
    await copy.take(wholeLog(source));
    // the last that is copied: where all is there, nobody may write here any more
    isBegun = true;
    if (present === undefined) await recordTurn(source, 'moved', { to: place });
    await copy.take(logFrom(source, copy.walk.digest.position));
    await copy.finish();
    say(`copied ${String(copy.written)} events of ${String(copy.walk.digest.events)}${rateOf(copy.written, began)}`);
    const verified = await checkCopy(target, copy.walk);
    const { events, hash } = copy.walk.digest;
    if ((await target.last(NAME_STREAM))?.type !== 'log.arrived.v1')
      await recordTurn(target, 'arrived', { from, events, hash });
    await rememberAll(target, config.stateDir, verified);
    return 0;
  } catch (error) {
    if (isBegun) throw error;
    tell(`error: ${error instanceof Error ? error.message : String(error)}`);
    return NOT_BEGUN;
  } finally {
    await source.close();
    await target.close();
  }
}

/** `log-abandon-move`: the log stays where it is, though a move of it was begun. */
export async function abandonMove(config: ControllerConfig): Promise<number> {
  const store = connectStore(config);
  try {
    const to = movedTo(await store.last(NAME_STREAM));
    if (to !== undefined) await recordTurn(store, 'kept', { instead: to });
    await rememberAll(store, config.stateDir);
    return 0;
  } finally {
    await store.close();
  }
}

/** @throws Error when both are one log, or the other one is somebody's */
async function mustDiffer(source: EventStore, target: EventStore): Promise<void> {
  const [name, other] = [await nameOf(source), await nameOf(target)];
  if (name === undefined) throw new Error('the present log has no name: start the cloud once');
  if (other !== undefined && other !== name)
    throw new Error(`there is another cloud's log already: ${other}, not ${name}`);
  if (other === undefined) return;
  const [here, there] = [await source.last(NAME_STREAM), await target.last(NAME_STREAM)];
  const isSame = here?.id === there?.id && here?.created === there?.created && here?.position === there?.position;
  if (isSame) throw new Error('that is the log that the cloud uses already');
}
