import { installed, startServer, type TestServer } from './server';

const kept = globalThis as { cairnTestServer?: TestServer };

/** Before all tests of the project `postgres`: one server for all of them. */
export default async function start(): Promise<void> {
  const binaries = installed();
  if (binaries === undefined) return; // its tests are skipped and say so (choose.ts)
  kept.cairnTestServer = await startServer(binaries);
  process.env['CAIRN_TEST_SERVER'] = kept.cairnTestServer.url;
}
