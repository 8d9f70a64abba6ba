import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { JestResult, Part } from './report';

/**
 * Reads the folder in which infra/cloud/test.sh gathers results: `parts` has one line for each part (name, status, seconds,
 * seconds of processor time), `NAME.json` what jest wrote, `NAME.again.json` what it wrote at the second try, `NAME.out` what a part printed.
 */
export function partsIn(folder: string): readonly Part[] {
  return readFileSync(join(folder, 'parts'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Part => {
      const [name = '', status = '', seconds = '', cpuSeconds = ''] = line.split(' ');
      const tests = jestResult(folder, name);
      const again = jestResult(folder, `${name}.again`);
      return {
        ...{ name, passed: status === '0', seconds: Number(seconds), cpuSeconds: Number(cpuSeconds) },
        ...(tests === undefined ? { output: readFileSync(join(folder, `${name}.out`), 'utf8') } : { tests }),
        ...(again === undefined ? {} : { again }),
      };
    });
}

function jestResult(folder: string, name: string): JestResult | undefined {
  const file = join(folder, `${name}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as JestResult) : undefined;
}
