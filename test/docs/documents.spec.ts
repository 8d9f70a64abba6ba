import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import {
  anchorsOf,
  documents,
  launcherCommandsOf,
  linksOf,
  npmScriptsOf,
  ROOT,
  settingsOf,
  sourcePathsOf,
} from './documents';

const ALL = documents();
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** What a page names, where it names anything of the kind. */
const naming = (of: (page: (typeof ALL)[number]) => readonly string[]): [string, readonly string[]][] =>
  ALL.map((page): [string, readonly string[]] => [page.path, of(page)]).filter(([, names]) => names.length > 0);

/** True where the link's file is there, and the heading in it. */
function leadsSomewhere(page: string, link: string): boolean {
  const [file = '', anchor] = link.split('#', 2);
  const target = file === '' ? page : join(dirname(page), decodeURIComponent(file));
  if (!existsSync(join(ROOT, target))) return false;
  return anchor === undefined || !target.endsWith('.md') || anchorsOf(read(target)).includes(anchor);
}

describe('the documentation', () => {
  it('is found', () => {
    expect(ALL.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'docs/operators-guide.md', 'docs/architecture.md', 'docs/api-coverage.md']),
    );
  });

  it.each(naming(linksOf))('%s has no link into nothing', (page, links) => {
    expect(links.filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });

  it.each(naming(sourcePathsOf))('%s names no source that is not there', (_page, paths) => {
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it.each(naming(launcherCommandsOf))('%s names only commands that ./cairn has', (_page, commands) => {
    const usage = read('cairn');
    expect(commands.filter((command) => !new RegExp(`^  ${command}\\b`, 'm').test(usage))).toEqual([]);
  });

  it.each(naming(npmScriptsOf))('%s names only scripts that package.json has', (_page, names) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: object };
    expect(names.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it.each(naming(settingsOf))('%s names only settings that something reads', (_page, names) => {
    const scripts = ['cairn', 'openrc', ...filesBelow('infra')].map(read).join('\n');
    const sources = filesBelow('apps')
      .concat(filesBelow('test'))
      .filter((path) => path.endsWith('.ts'));
    const all = scripts + sources.map(read).join('\n');
    expect(names.filter((name) => !all.includes(name))).toEqual([]);
  });

  it('is all that comments and pages cite: a reader of the repository can open each page', () => {
    const known = new Set(ALL.map(({ path }) => basename(path)));
    const sources = ['apps', 'libs', 'infra', 'test', 'docs'].flatMap(filesBelow);
    const cited = ['README.md', 'cairn', ...sources.filter((path) => /\.(ts|sh|md)$/.test(path))].flatMap((path) =>
      [...read(path).matchAll(/[\w-]+\.md\b/g)].map(([page]) => `${path}: ${page}`),
    );
    expect(cited.length).toBeGreaterThan(100);
    expect(cited.filter((one) => !known.has(one.replace(/^.*: /, '')))).toEqual([]);
  });

  it.each(ALL.map(({ path }) => path))('%s cites no issue by its number, which a reader could not look up', (page) => {
    expect(read(page).match(/\bissues? #?\d+/gi)).toBeNull();
  });

  it('lists every decision', () => {
    const pages = readdirSync(join(ROOT, 'docs/adr')).filter((name) => /^\d{4}-.*\.md$/.test(name));
    expect(linksOf({ path: '', text: read('docs/adr/README.md') })).toEqual(pages.sort());
  });

  it('gives a reason for every dependency, and for none that is gone', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, object>;
    const listed = [...read('docs/adr/0003-dependencies.md').matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(Object.keys({ ...dependencies, ...devDependencies }).sort());
  });
});

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));
}
