import { spawnSync } from 'node:child_process';

import { type Choice, numberOfCommit } from './rotation';

/** The checked out commit; undefined without git or outside of a checkout. */
function commit(): string | undefined {
  const asked = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: __dirname, encoding: 'utf8' });
  return asked.status === 0 && /^[0-9a-f]{40}/.test(asked.stdout) ? asked.stdout.trim() : undefined;
}

/**
 * What this run of the tests chooses: `CAIRN_TEST_DEPTH=deep` is everything, `CAIRN_TEST_CHOICE=n` the parts of that
 * number; without it the number follows from the checked out commit.
 * @throws Error when a setting is neither
 */
export function choiceOf(
  environment: NodeJS.ProcessEnv = process.env,
  head: () => string | undefined = commit,
): Choice {
  const { CAIRN_TEST_DEPTH: depth = 'short', CAIRN_TEST_CHOICE: asked = '' } = environment;
  if (depth !== 'short' && depth !== 'deep') throw new Error(`CAIRN_TEST_DEPTH is short or deep, not ${depth}`);
  const number = asked === '' ? numberOfCommit(head()) : Number(asked);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`CAIRN_TEST_CHOICE is a whole number, not ${asked}`);
  return { deep: depth === 'deep', number };
}

export const CHOICE = choiceOf();
