import { own } from '@cairn/domain';
import { loadConfig } from '../config';
import { checkLogOf } from './check-log';
import { dropReadModelsOf } from './drop-read-models';
import { history } from './history';
import { host } from './host';
import { hostToken } from './host-token';
import { logAccess } from './log-access';
import { acceptLog } from './log/accept';
import { checkpointLog, publicKeyOf } from './log/checkpoint';
import { backUpLog, exportLog } from './log/export';
import { importLog, restoreLog } from './log/import';
import { abandonMove, moveLog } from './log/move';
import { logStatus } from './log-status';
import { rebuildFrom } from './offline/rebuild-from';
import { pki } from './pki';
import { stuck } from './stuck';
import { verify, verifyLog } from './verify.command';
import { why } from './why/why';

const USAGE =
  'usage: cli COMMAND --config FILE [ARGUMENT...]     commands: history SERVER, why SERVER, stuck, verify [STREAM | --rows], host-token HOST, ' +
  'host enroll NAME | revoke NAME | list, pki, drop-read-models, rebuild-from EXPORT, check-log NAME-FILE SETTING, log-access secure|again|warn OWNERS-FILE, log-status, log-…, check-config';

/** Each command prints to standard output and answers the exit status. */
type Command = (config: ReturnType<typeof loadConfig>, ...args: readonly (string | undefined)[]) => Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = {
  history,
  why,
  stuck,
  verify,
  'host-token': hostToken,
  host,
  pki,
  'drop-read-models': dropReadModelsOf,
  'rebuild-from': rebuildFrom,
  'check-log': checkLogOf,
  'log-access': logAccess,
  'log-status': logStatus,
  'log-verify': verifyLog,
  'log-checkpoint': checkpointLog,
  'log-public-key': publicKeyOf,
  'log-accept': acceptLog,
  'log-export': exportLog,
  'log-backup': backUpLog,
  'log-import': importLog,
  'log-restore': restoreLog,
  'log-move': moveLog,
  'log-abandon-move': abandonMove,
  // that it could be read is all that is asked
  'check-config': () => Promise.resolve(0),
};

async function main([name = '', flag, file, ...args]: readonly string[]): Promise<number> {
  const command = own(COMMANDS, name);
  if (command === undefined || flag !== '--config' || file === undefined) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  return command(loadConfig(file), ...args);
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
