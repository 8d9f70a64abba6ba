import { resolve } from 'node:path';
import { backUp } from '../log/backup';
import { required, say, type Options } from './command';

/** Brings a backup up to date. */
export function backup(options: Options, target: string | undefined): number {
  const to = resolve(required(target, 'the directory of the backup'));
  const { copied, position } = backUp(required(options.directory, '--dir'), to);
  say(`copied ${String(copied)} events, verified; the backup in ${to} reaches position ${String(position)}`);
  return 0;
}
