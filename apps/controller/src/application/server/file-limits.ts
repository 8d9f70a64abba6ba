import { DomainError } from '@cairn/domain';
import type { Executor } from '../../runtime/ports';
import { userLimit } from '../quota/project-limit';
import type { InjectedFile } from './secrets';

const exceeded = (message: string): DomainError => new DomainError('quota', 'server.too-many-files', message);

/**
 * The user's limits of injected files, counted as nova does: contents by the characters of their base64.
 * @throws DomainError `quota`, in nova's words.
 */
export async function requireFileLimits(
  executor: Pick<Executor, 'state'>,
  projectId: string,
  userId: string,
  files: readonly InjectedFile[] = [],
): Promise<void> {
  if (files.length === 0) return;
  const [most, longestPath, longestContents] = await Promise.all([
    userLimit(executor, projectId, userId, 'injected_files'),
    userLimit(executor, projectId, userId, 'injected_file_path_bytes'),
    userLimit(executor, projectId, userId, 'injected_file_content_bytes'),
  ]);
  const isOver = (limit: number, length: number): boolean => limit >= 0 && length > limit;
  if (isOver(most, files.length)) throw exceeded('Personality file limit exceeded');
  if (files.some(({ path }) => isOver(longestPath, path.length)))
    throw exceeded(`Personality file path exceeds maximum ${String(longestPath)}`);
  if (files.some(({ contents }) => isOver(longestContents, contents.length)))
    throw exceeded(`Personality file content exceeds maximum ${String(longestContents)}`);
}
