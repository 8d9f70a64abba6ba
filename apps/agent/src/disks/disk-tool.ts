import { JobFailure } from '../ports/errors';

import { runLimited } from './limited-tool';

/**
 * Runs a tool that makes a disk.
 * @throws JobFailure when it does not succeed.
 */
export async function runDiskTool(tool: string, args: readonly string[]): Promise<void> {
  const { code, limit, stderr } = await runLimited(tool, args);
  if (code === 0) return;
  const cause = new Error(`${tool} ended with ${String(code)} (limit: ${String(limit)}): ${stderr.slice(0, 1000)}`);
  if (/No space left on device/.test(stderr)) {
    throw new JobFailure('disk.failed', 'The host has no room on its disk.', false, { cause });
  }
  throw new JobFailure('disk.failed', 'The host could not create a disk.', false, { cause });
}
