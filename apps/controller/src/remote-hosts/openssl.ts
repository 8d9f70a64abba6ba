import { execFile } from 'node:child_process';

const TIMEOUT_MS = 30_000;

/**
 * Runs openssl with an array of arguments and gives what it prints. Keys are named by their files: nothing secret is
 * ever an argument.
 * @throws Error with openssl's own words
 */
export function openssl(args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' };
    const child = execFile('openssl', args, { timeout: TIMEOUT_MS, env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`openssl ${args[0] ?? ''}: ${stderr.trim() || error.message}`, { cause: error }));
    });
    child.stdin?.on('error', () => undefined); // a program that does not read its input says why by its exit code
    child.stdin?.end(input);
  });
}
