import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type JestResult, type Part, report } from './report';

/**
 * Reads the folder in which infra/cloud/test.sh gathers results: `parts` has one line for each part (name, status,
 * seconds, seconds of processor time), `NAME.json` what jest wrote, `NAME.out` what a part printed. Ends with status 1 when not all is well.
 */
function main(folder: string, root: string): boolean {
  const parts = readFileSync(join(folder, 'parts'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Part => {
      const [name = '', status = '', seconds = '', cpuSeconds = ''] = line.split(' ');
      const file = join(folder, `${name}.json`);
      const tests = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as JestResult) : undefined;
      const output = tests === undefined ? readFileSync(join(folder, `${name}.out`), 'utf8') : undefined;
      return {
        ...{ name, passed: status === '0', seconds: Number(seconds), cpuSeconds: Number(cpuSeconds) },
        ...(tests === undefined ? {} : { tests }),
        ...(output === undefined ? {} : { output }),
      };
    });
  const { lines, good } = report(parts, root);
  process.stdout.write(`${lines.join('\n')}\n`);
  return good;
}

const [folder = '', root = ''] = process.argv.slice(2);
process.exitCode = main(folder, root) ? 0 : 1;
