import { existsSync, readFileSync, statSync } from 'node:fs';

/**
 * The password of the user that a setting names, from the file that the setting `…_PASSWORD_FILE` beside it names.
 * @throws Error in words for the operator
 */
export function passwordIn(file: string | undefined, setting: string): string {
  const name = `${setting.replace(/_USER$/, '')}_PASSWORD_FILE`;
  if (file === undefined || file === '') throw new Error(`${setting} needs ${name}, a file with the password`);
  if (!existsSync(file)) throw new Error(`${name} is ${file}, which does not exist`);
  if ((statSync(file).mode & 0o007) !== 0)
    throw new Error(`${name} is ${file}, which everybody may read: chmod 600 ${file}`);
  return readFileSync(file, 'utf8').trim();
}
