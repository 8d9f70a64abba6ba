import { table } from '../generated';
import { guideRows } from './guide-rows';
import type { FieldAnswer } from './launch-fields';
import type { ActionAnswer, Refusal, ResourceRefusals } from './refusals';
import type { ServedRoute } from './served-routes';

function versions({ first, last }: ServedRoute): string {
  if (first === undefined && last === undefined) return '';
  return last === undefined ? `from 2.${String(first)}` : `to 2.${String(last)}`;
}

const rowOf = (route: ServedRoute): readonly string[] => [
  route.method === 'ALL' ? 'GET' : route.method, // the others are told 405 by the handler itself
  `\`${route.path}\``,
  ...(route.service === 'compute' ? [versions(route)] : []),
  route.access.includes(':') ? `\`${route.access}\`` : route.access,
  guideRows(route).join(', '),
];

/** By path, then by method. */
const inOrder = (a: ServedRoute, b: ServedRoute): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : a.method < b.method ? -1 : 1;

/** The routes of one service. */
export const routeTable = (service: string, routes: readonly ServedRoute[]): string =>
  table(
    ['Method', 'Path', ...(service === 'compute' ? ['Microversions'] : []), 'Who', 'Guide'],
    routes
      .filter((route) => route.service === service)
      .sort(inOrder)
      .map(rowOf),
  );

/** Methods in front of the path that they have in common: `GET POST /v3/groups`. */
function callsByPath(calls: readonly Refusal[]): string {
  const methods = new Map<string, readonly string[]>();
  for (const { method, path } of calls) methods.set(path, [...(methods.get(path) ?? []), method]);
  return [...methods].map(([path, names]) => `\`${names.join(' ')} ${path}\``).join(', ');
}

/** What of one service's reference is refused. */
export function refusalTable(service: string, all: readonly ResourceRefusals[]): string {
  const rows = all
    .filter((resource) => resource.service === service)
    .flatMap(({ resource, listed, refused }) => {
      const statuses = [...new Set(refused.map(({ status }) => status))].sort();
      return statuses.map((status) => {
        const calls = refused.filter((each) => each.status === status);
        const what = calls.length === listed ? `all ${String(listed)}` : callsByPath(calls);
        return [`\`${resource}\``, what, String(status)];
      });
    });
  return table(['Resource', 'Calls', 'Answer'], rows);
}

/** The caller is an administrator: a 403 means that no rule allows the action to anybody. */
const isKnown = (status: number): boolean => ![400, 403, 404, 501].includes(status);

export function actionTable(answers: readonly ActionAnswer[]): string {
  const words = (list: readonly ActionAnswer[]): string => list.map(({ action }) => `\`${action}\``).join(', ');
  const served = answers.filter(({ status }) => isKnown(status));
  const statuses = [...new Set(answers.map(({ status }) => status))].filter((status) => !isKnown(status)).sort();
  return table(
    ['Answer', 'Actions'],
    [
      ['served', words(served)],
      ...statuses.map((status) => [String(status), words(answers.filter((each) => each.status === status))]),
    ],
  );
}

export const fieldTable = (answers: readonly FieldAnswer[]): string =>
  table(
    ['Field', 'Answer'],
    answers.map(({ field, status }) => [field, String(status)]),
  );
