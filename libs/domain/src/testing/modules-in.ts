import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * What the modules of a folder export, by the modules' names and in their order. With it a file in a folder is enough to
 * register something with the tests; specs and files of other kinds are passed over. It stands here, and not with what only
 * tests share, because the built simulator runs it, too.
 */
export function modulesIn(folder: string): ReadonlyMap<string, object> {
  const load = createRequire(join(folder, 'any.js'));
  const files = readdirSync(folder).filter((file) => /^[a-z][a-z-]*\.[jt]s$/.test(file));
  return new Map(files.sort().map((file) => [file.slice(0, -3), load(join(folder, file)) as object]));
}
