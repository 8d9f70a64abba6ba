import { installed, startServer, type TestServer } from './server';

const kept = globalThis as { cairnTestServer?: TestServer };

/** Before all tests of the project `postgres`: one server for all of them. */
export default async function start(): Promise<void> {
  const binaries = await installed();
  if (binaries === undefined) {
    console.warn('PostgreSQL is not installed: its tests are skipped (infra/setup/packages.sh postgres)');
    return;
  }
  kept.cairnTestServer = await startServer(binaries);
  process.env['CAIRN_TEST_SERVER'] = kept.cairnTestServer.url;
}
