import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
export const GOLDEN = join(ROOT, 'libs/domain/golden');
const MANIFEST = join(GOLDEN, 'SHA256SUMS');

/** SHA-256 in hex by path below the golden folder. */
export type Sums = ReadonlyMap<string, string>;

/** The golden files as they are. */
export function goldenFiles(): Sums {
  const paths = readdirSync(GOLDEN, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.json'));
  const sum = (path: string): string =>
    createHash('sha256')
      .update(readFileSync(join(GOLDEN, path)))
      .digest('hex');
  return new Map(paths.sort().map((path) => [path, sum(path)]));
}

/** The golden files as they were when they were added; `sha256sum -c SHA256SUMS` reads it, too. */
export function listedFiles(): Sums {
  const lines = existsSync(MANIFEST) ? readFileSync(MANIFEST, 'utf8').trim().split('\n') : [];
  return new Map(lines.filter(Boolean).map((line) => [line.slice(66), line.slice(0, 64)]));
}

/** Adds the files that are not listed yet; a line that is there stays as it is, for ever. */
export function listNewFiles(): void {
  const files = new Map([...goldenFiles(), ...listedFiles()]);
  const lines = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, sum]) => `${sum}  ${path}\n`);
  writeFileSync(MANIFEST, lines.join(''));
}

/** Forbidden changes of golden files. */
export function complaints(listed: Sums, found: Sums): readonly string[] {
  const gone = [...listed.keys()].filter((path) => !found.has(path)).map((path) => `${path} is gone`);
  const others = [...found].flatMap(([path, sum]) => {
    if (!listed.has(path)) return [`${path} is not listed: npm run golden`];
    return listed.get(path) === sum ? [] : [`${path} was edited`];
  });
  return [...gone, ...others];
}

/**
 * Lines of the list that were ever changed or taken out, as far as the history goes that is here (a clone may be
 * shallow), and since the last commit; undefined without a repository.
 */
export function linesTakenOut(): readonly string[] | undefined {
  if (!existsSync(join(ROOT, '.git'))) return undefined;
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', ROOT, ...args, '--', MANIFEST], { encoding: 'utf8', maxBuffer: 1e9 });
  const changes = git('log', '-p', '-m', '--first-parent', '--format=') + git('diff', 'HEAD');
  const listed = new Set(readFileSync(MANIFEST, 'utf8').split('\n')); // a line that moved is still there
  return changes.split('\n').filter((line) => /^-[0-9a-f]{64} /.test(line) && !listed.has(line.slice(1)));
}
