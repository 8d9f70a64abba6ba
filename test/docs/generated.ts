import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './documents';

/** Set by `npm run docs`, which writes the generated parts of the documentation instead of comparing them. */
export const WRITING = process.env['CAIRN_WRITE_DOCS'] === 'yes';

/** A table in Markdown. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Compares a page that is generated as a whole, or writes it. @param page below `docs` */
export function expectPage(page: string, text: string): void {
  const path = join(ROOT, 'docs', page);
  if (WRITING) writeFileSync(path, text);
  else expect(readFileSync(path, 'utf8')).toBe(text);
}

/** Compares the blocks of a page that are generated, by name, or writes them. @param page below `docs` */
export function expectBlocks(page: string, blocks: Readonly<Record<string, string>>): void {
  const written = readFileSync(join(ROOT, 'docs', page), 'utf8');
  expectPage(
    page,
    Object.entries(blocks).reduce((text, [name, block]) => withBlock(text, name, block), written),
  );
}

/** Puts a block's text between `<!-- generated: name -->` and the next `<!-- end -->`. @throws Error without such a place. */
function withBlock(document: string, name: string, text: string): string {
  const [open, close] = [`<!-- generated: ${name} -->`, '<!-- end -->'];
  const start = document.indexOf(open);
  const end = document.indexOf(close, start);
  if (start < 0 || end < 0) throw new Error(`the document has no place for ${name}`);
  return `${document.slice(0, start)}${open}\n\n${text}\n\n${document.slice(end)}`;
}
