import { spawn } from 'node:child_process';

import type { Transport } from './client';
import { nova } from './nova';

/** Connections and answers take no longer. */
const PATIENCE_MS = 60_000;

const overNetwork: Transport = async ({ method, url, headers, body }) => {
  const answer = await fetch(url, {
    method,
    headers,
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
};

/** @returns its exit status; 127 where it is not installed, as a shell says */
const debians = (words: readonly string[]): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn('nova', words, { stdio: 'inherit' });
    child.once('error', () => {
      process.stderr.write("ERROR: Debian's nova is not installed: ./cairn setup installs it\n");
      resolve(127);
    });
    child.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });

nova(process.argv.slice(2), {
  env: process.env,
  transport: overNetwork,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  debians,
}).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const { message, cause } = error as Error;
    process.stderr.write(`ERROR: ${cause instanceof Error ? `${message}: ${cause.message}` : message}\n`);
    process.exitCode = 1;
  },
);
