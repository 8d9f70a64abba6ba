import { HttpProblem } from '../../../http';

const bad = (message: string): HttpProblem => new HttpProblem(400, message);

/**
 * The name that a JSON pointer stands for; Glance takes only pointers to a property of the image itself.
 * @throws HttpProblem 400 in Glance's words.
 */
export function propertyAt(pointer: unknown): string {
  if (typeof pointer !== 'string') throw bad('Pointer must be a string.');
  const shown = `Pointer \`${pointer}\``;
  if (!pointer.startsWith('/')) throw bad(`${shown} does not start with "/".`);
  if (/\/\s*?\//.test(pointer.slice(1))) throw bad(`${shown} contains adjacent "/".`);
  if (pointer.length > 1 && pointer.endsWith('/')) throw bad(`${shown} end with "/".`);
  if (/~[^01]/.test(pointer) || pointer.endsWith('~')) {
    throw bad(`${shown} contains "~" not part of a recognized escape sequence.`);
  }
  const [name = '', ...deeper] = pointer
    .replace(/^\/+/, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~').trim());
  // a place in the list of locations has its own refusal, which says why
  if (name === '' || (deeper.length > 0 && name !== 'locations')) {
    throw bad(`Invalid JSON pointer for this resource: '/${[name, ...deeper].join('/')}'`);
  }
  return name;
}
