import { JobFailure } from '../ports/errors';

import { runLimited, type ToolLimits } from './limited-tool';

/** What tools that speak C's English say of a full disk, of a quota, and of a limit on the size of files. */
const NO_SPACE = /No space left on device|Disk quota exceeded|File too large/;

/**
 * Runs a tool that makes a disk.
 * @throws JobFailure when it does not succeed; for want of space an error that says so, as of the file system.
 */
export async function runDiskTool(tool: string, args: readonly string[], limits?: ToolLimits): Promise<void> {
  const { code, limit, stderr } = await runLimited(tool, args, limits);
  if (code === 0) return;
  const cause = new Error(`${tool} ended with ${String(code)} (limit: ${String(limit)}): ${stderr.slice(0, 1000)}`);
  if (NO_SPACE.test(stderr)) throw Object.assign(cause, { code: 'ENOSPC' });
  throw new JobFailure('disk.failed', 'The host could not create a disk.', false, { cause });
}
