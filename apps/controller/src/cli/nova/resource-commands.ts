import { first, listIn, objectIn } from './answers';
import type { OwnCommand } from './own-command';
import { type Columns, properties, tableOf } from './table';

type Run = OwnCommand['run'];

/** Lists all resources of a kind. @param name the field of the answer that has them */
export const listed =
  (path: string, name: string, columns: Columns): Run =>
  async (client) =>
    tableOf(columns, listIn(await client.compute('GET', path), name));

/** Shows the resource that the first value names. @param name the field of the answer that has it */
export const shown =
  (path: string, name: string): Run =>
  async (client, given) =>
    properties(objectIn(await client.compute('GET', `${path}/${first(given)}`), name));

/** Deletes the resource that the first value names. */
export const removed =
  (path: string): Run =>
  async (client, given) => {
    await client.compute('DELETE', `${path}/${first(given)}`);
    return '';
  };

/** Asks the resource that the first value names for an action. */
export const acted =
  (path: string, actionOf: (values: readonly string[]) => object): Run =>
  async (client, given) => {
    await client.compute('POST', `${path}/${first(given)}/action`, actionOf(given.values));
    return '';
  };
