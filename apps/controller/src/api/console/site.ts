import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { PAGE, SCRIPT, STYLE } from './page';

export interface SiteFile {
  readonly type: string;
  readonly bytes: Buffer;
}

const HTML = 'text/html; charset=utf-8';
const JS = 'text/javascript; charset=utf-8';

/** The folder of the package noVNC. */
const novnc = (): string => dirname(dirname(require.resolve('@novnc/novnc')));

const text = (type: string, content: string): SiteFile => ({ type, bytes: Buffer.from(content) });

/** All that the site serves, by its path without the slash at the beginning: nothing else can be asked for. */
export function consoleSite(): ReadonlyMap<string, SiteFile> {
  const folder = novnc();
  const page = text(HTML, PAGE);
  const scripts = ['core', 'vendor'].flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .map((name): [string, SiteFile] => {
        const bytes = readFileSync(join(folder, part, name));
        return [`novnc/${part}/${name}`, { type: JS, bytes }];
      }),
  );
  return new Map([
    ...scripts,
    // the names that pages of noVNC have had
    ...['vnc_lite.html', 'vnc_auto.html', 'vnc.html'].map((name): [string, SiteFile] => [name, page]),
    ['console.css', text('text/css; charset=utf-8', STYLE)],
    ['console.js', text(JS, SCRIPT)],
  ]);
}
