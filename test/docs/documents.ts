import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const ROOT = join(__dirname, '../..');

/** One page of the documentation. */
export interface Document {
  /** Relative to the checkout. */
  readonly path: string;
  readonly text: string;
}

const FOREIGN = new Set(['node_modules', 'dist', '.git', 'coverage']);

function* pathsBelow(folder: string): Iterable<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !FOREIGN.has(entry.name)) yield* pathsBelow(path);
    if (entry.isFile() && entry.name.endsWith('.md')) yield path;
  }
}

/** Every page of Markdown in the checkout. */
export const documents = (): readonly Document[] =>
  [...pathsBelow(ROOT)].sort().map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, 'utf8') }));

const matches = (text: string, pattern: RegExp): readonly string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, found = '']) => found))].sort();

const withoutCode = (text: string): string => text.replace(/```.*?```/gs, '').replace(/`[^`\n]*`/g, '');

/** Where links go that stay within the checkout. */
export const linksOf = ({ text }: Document): readonly string[] =>
  matches(withoutCode(text), /\]\(([^)\s]+)\)/g).filter((target) => !/^[a-z]+:/.test(target));

/** GitHub's names of a page's headings. */
export const anchorsOf = (text: string): readonly string[] =>
  matches(text.replace(/```.*?```/gs, ''), /^#+ +(.+?) *$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** `up` of `./cairn up`. */
export const launcherCommandsOf = ({ text }: Document): readonly string[] =>
  matches(text, /\.\/cairn +([a-z][a-z-]*)/g);

/** `sim` of `npm run sim`. */
export const npmScriptsOf = ({ text }: Document): readonly string[] => matches(text, /npm run ([a-z][a-z:-]*)/g);

/** Names of settings in the environment. */
export const settingsOf = ({ text }: Document): readonly string[] => matches(text, /\b(CAIRN_[A-Z_]*[A-Z])\b/g);

/** Paths of sources in code spans: `apps/…`, `libs/…`, `infra/…`, `test/…`, without a star or a placeholder. */
export const sourcePathsOf = ({ text }: Document): readonly string[] =>
  matches(text, /`((?:apps|libs|infra|test|docs)\/[A-Za-z0-9_./-]*[A-Za-z0-9_/-])`/g);
