/* Runs the tests of the event store: all of them, or the contract alone against a server that already runs. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { url: { type: 'string' } },
  allowPositionals: true,
});
const paths = values.url === undefined ? ['apps/eventstore', 'libs/event-store'] : ['apps/eventstore/src/contract'];
const jest = ['jest', '--selectProjects', 'integration', '--runInBand', '--testPathPatterns', ...paths, ...positionals];
const env = values.url === undefined ? process.env : { ...process.env, CAIRN_CONTRACT_URL: values.url };
const { status } = spawnSync('npx', ['--no-install', ...jest], { stdio: 'inherit', env });
process.exitCode = status ?? 1;
