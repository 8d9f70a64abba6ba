import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { ROOT } from './documents';

const FOLDER = 'docs/runbooks';
const runbooks = readdirSync(join(ROOT, FOLDER)).map((file) => basename(file, '.md'));

/** A tag in the title of a test says which runbook's claim it proves. */
const TAG = /\[runbook ([a-z-]+)\]/g;

const files = ['apps', 'libs', 'test'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(spec|contract)\.ts$/.test(path) && !path.endsWith('docs/runbooks.spec.ts'))
    .map((path) => join(folder, path)),
);
const tagged = files.flatMap((file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(TAG)].map(([, runbook = '']) => ({ file, runbook }));
});

describe('a runbook', () => {
  it.each(runbooks)('%s names the tests that prove its claims', (runbook) => {
    const proofs = new Set(tagged.filter((tag) => tag.runbook === runbook).map(({ file }) => file));
    expect([...proofs]).not.toEqual([]);
    const text = readFileSync(join(ROOT, FOLDER, `${runbook}.md`), 'utf8');
    const named = text.slice(text.lastIndexOf('**Proved by.**'));
    expect([...proofs].filter((file) => !named.includes(`\`${file}\``))).toEqual([]);
  });

  it('is there for each tag', () => {
    expect(tagged.filter(({ runbook }) => !runbooks.includes(runbook))).toEqual([]);
  });
});
