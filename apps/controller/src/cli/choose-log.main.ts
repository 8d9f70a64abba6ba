import { resolve } from 'node:path';
import { chooseAccess } from './choose-access';
import { chooseLog, say } from './choose-log';

/** `choose-log.main.js STATE FOLDER [HOSTS ADDRESS]`: before there is a configuration that the other commands could read. */
async function main([state, folder, hosts = '']: readonly string[]): Promise<void> {
  if (state === undefined || folder === undefined) throw new Error('usage: choose-log STATE FOLDER [HOSTS ADDRESS]');
  await chooseLog(process.env, state, resolve(folder));
  await chooseAccess(process.env, state, resolve(folder), hosts !== '');
}

main(process.argv.slice(2)).catch((error: unknown) => {
  say(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
