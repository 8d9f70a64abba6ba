import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './documents';

/** A plainer word says the same as each of these, and readers stumble over them. */
const STUMBLED_OVER = ['anew', 'whoever', 'whomever', 'for good', 'of which', 'who asks'];
const PATTERN = new RegExp(String.raw`\b(${STUMBLED_OVER.join('|')})\b`, 'i');

/** Recorded once and for ever, and this file. */
const EXEMPT = /^(libs\/domain\/golden|test\/golden|test\/docs\/language\.spec\.ts)/;

const textsIn = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|sh|md)$/.test(name))
    .map((name) => `${folder}/${name}`);

it('what people read of the project has none of the words that they stumble over', () => {
  const paths = ['README.md', 'cairn', ...['apps', 'libs', 'test', 'infra', 'docs'].flatMap(textsIn)];
  expect(paths.length).toBeGreaterThan(1_000);
  const found = paths
    .filter((path) => !EXEMPT.test(path))
    .flatMap((path) =>
      readFileSync(join(ROOT, path), 'utf8')
        .split('\n')
        .flatMap((line, i) => (PATTERN.test(line) ? [`${path}:${String(i + 1)}: ${line.trim()}`] : [])),
    );
  expect(found).toEqual([]);
});
