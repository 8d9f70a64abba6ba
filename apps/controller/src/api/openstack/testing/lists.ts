import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '@cairn/projections';
import type { ListDefinition, TableList } from '../../../application/lists';
import { serverList } from '../compute/servers/server-list';
import { tenantsOf } from '../identity/v2/v2-lists';
import { openProjectsOf, projectsOf } from '../identity/v3/identity-lists';

export type AnyList = ListDefinition<Row> & Partial<Pick<TableList<Row>, 'entity'>>;

const isList = (value: unknown): value is AnyList =>
  typeof value === 'object' && value !== null && 'api' in value && 'scope' in value && 'sorting' in value;

/** Those that are made for a request. */
const MADE: Readonly<Record<string, unknown>> = {
  'serverList(index)': serverList('index'),
  'serverList(detail)': serverList('detail'),
  'projectsOf(u1)': projectsOf('u1'),
  'openProjectsOf(u1)': openProjectsOf('u1'),
  'tenantsOf(u1)': tenantsOf({ userId: 'u1' }),
};

/** Every definition of a list, by name: all that files named `…-list.ts` or `…-lists.ts` export. */
export async function everyList(): Promise<readonly (readonly [name: string, list: AnyList])[]> {
  const root = join(__dirname, '..');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /-lists?\.ts$/.test(file));
  const modules = await Promise.all(files.sort().map((file) => import(join(root, file)) as Promise<object>));
  const found = [...modules.flatMap((module) => Object.entries(module)), ...Object.entries(MADE)];
  return found.filter((entry): entry is [string, AnyList] => isList(entry[1]));
}
