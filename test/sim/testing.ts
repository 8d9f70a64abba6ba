import { join } from 'node:path';

import { Pool } from './pool/pool';

/** Where `npm run build` puts it; the sim tests build first (build.ts). */
const WORKER = join(__dirname, '../../dist/test/sim/pool/worker.js');

/** Workers for the tests of a file, ended after them. */
export function testPool(): Pool {
  const pool = new Pool(WORKER);
  afterAll(() => {
    pool.close();
  });
  return pool;
}

/** To those who watch the tests: figures belong to the result. */
export const say = (text: string): void => {
  process.stdout.write(`[sim] ${text}\n`);
};
