import { partsIn } from './parts';
import { report } from './report';
import { filesToTryAgain } from './second-try';

/**
 * Tells how the parts of a run ended, whose results infra/cloud/test.sh gathers in a folder, and ends with status 1 when not
 * all is well. `again` instead of a checkout prints what is to be tried once more: part and file, a line each.
 */
function main(folder: string, root: string): boolean {
  const parts = partsIn(folder);
  if (root === 'again') {
    for (const line of filesToTryAgain(parts)) process.stdout.write(`${line.join(' ')}\n`);
    return true;
  }
  const { lines, good } = report(parts, root);
  process.stdout.write(`${lines.join('\n')}\n`);
  return good;
}

const [folder = '', root = ''] = process.argv.slice(2);
process.exitCode = main(folder, root) ? 0 : 1;
