import type { TestServer } from './server';

/** After them. */
export default async function stop(): Promise<void> {
  await (globalThis as { cairnTestServer?: TestServer }).cairnTestServer?.stop();
}
