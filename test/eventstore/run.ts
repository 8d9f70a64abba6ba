/* Runs the tests of the event store: all of them, or those of any server against one that already runs. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { url: { type: 'string' } },
  allowPositionals: true,
});
/** The contract, and the recorded conversations. */
const OF_ANY_SERVER = ['apps/eventstore/src/contract', 'apps/eventstore/src/recorded/recorded'];

const paths = values.url === undefined ? ['apps/eventstore', 'libs/event-store'] : OF_ANY_SERVER;
const jest = ['jest', '--selectProjects', 'integration', '--runInBand', '--testPathPatterns', ...paths, ...positionals];
const env = values.url === undefined ? process.env : { ...process.env, CAIRN_CONTRACT_URL: values.url };
// Some client keeps a connection to a server that goes on.
if (values.url !== undefined) jest.push('--forceExit');
const { status } = spawnSync('npx', ['--no-install', ...jest], { stdio: 'inherit', env });
process.exitCode = status ?? 1;
