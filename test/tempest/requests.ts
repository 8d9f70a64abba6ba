import { readFileSync } from 'node:fs';

import { bare, classOf, type Outcome, type Result } from './outcome';

/** A request that a test made, as Tempest's log tells. */
export interface Request {
  /** Seconds since the epoch. */
  readonly at: number;
  /** The class and the method that made it, without the module: `FlavorsTest:test_list`, `FlavorsTest:setUpClass`. */
  readonly caller: string;
  readonly status: number;
  readonly method: string;
  readonly url: string;
  readonly requestId: string;
}

const LINE =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+) .*?(req-[0-9a-f-]{36})?[ \]-]* Request \(([^)]*)\): (\d+) (\w+) (\S+)/;

export function requestsOf(log: string): readonly Request[] {
  return log.split('\n').flatMap((line) => {
    const [, at = '', requestId = '', caller = '', status, method = '', url = ''] = LINE.exec(line) ?? [];
    if (status === undefined) return [];
    return [{ at: Date.parse(at.replace(' ', 'T')) / 1000, caller, status: Number(status), method, url, requestId }];
  });
}

/** Ids of the requests that the controller says it has nothing for: no route, or a route that only refuses. */
export function unservedOf(log: string): ReadonlySet<string> {
  const ids = log.split('\n').flatMap((line) => {
    if (!line.includes('"message":"request not served"')) return [];
    const [, id] = /"requestId":"(req-[0-9a-f-]{36})"/.exec(line) ?? [];
    return id === undefined ? [] : [id];
  });
  return new Set(ids);
}

export const readRequests = (file: string): readonly Request[] => requestsOf(readFileSync(file, 'utf8'));

export const readUnserved = (file: string): ReadonlySet<string> => unservedOf(readFileSync(file, 'utf8'));

const shortClass = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** How far apart the clocks of Tempest's log and of its results may be, and what a step before the test may take. */
const SLACK_S = 0.5;

/** Gives each test's requests, told apart by name and, as two modules may have a class of one name, by time. */
function requestsByTest(
  requests: readonly Request[],
  results: readonly Result[],
): ReadonlyMap<string, readonly Request[]> {
  const byCaller = new Map<string, Request[]>();
  for (const request of requests) {
    const known = byCaller.get(request.caller);
    if (known === undefined) byCaller.set(request.caller, [request]);
    else known.push(request);
  }
  const found = new Map<string, readonly Request[]>();
  for (const { id, began, ended } of results) {
    const test = bare(id);
    const step = /^(setUpClass|tearDownClass) \((.*)\)$/.exec(id);
    const [name, callers] =
      step === null
        ? [test, [test.slice(test.lastIndexOf('.') + 1), 'setUp']]
        : [`${step[2] ?? ''}.${step[1] ?? ''}`, [step[1] ?? '']];
    const own = callers.flatMap((caller) => byCaller.get(`${shortClass(classOf(name))}:${caller}`) ?? []);
    found.set(
      name,
      own.filter(({ at }) => began === null || ended === null || (at >= began - SLACK_S && at <= ended + SLACK_S)),
    );
  }
  return found;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,}|[0-9a-f]{32}/g;

/** A refused request in a form that is the same for all tests that it stops. */
const causeOf = ({ status, method, url }: Request): string => {
  const path = url
    .replace(/^https?:\/\/[^/]+/, '')
    .replace(/^\/v2\.1\/[0-9a-f]{32}/, '/v2.1')
    .replace(/\?.*/, '')
    .replace(/tokens\/[^/]{40,}/, 'tokens/{id}')
    .replace(/tempest-[\w-]+/, '{name}')
    .replaceAll(UUID, '{id}');
  return `${String(status)} ${method} ${path}`;
};

/**
 * Marks the tests that passed only because Cairn serves nothing there as hollow, and adds the last refused request to the
 * reason of what failed.
 */
export function explained(
  outcomes: readonly Outcome[],
  results: readonly Result[],
  requests: readonly Request[],
  unserved: ReadonlySet<string>,
): readonly Outcome[] {
  const byTest = requestsByTest(requests, results);
  return outcomes.map((outcome) => {
    const { test, state, reason } = outcome;
    const own = byTest.get(state === 'not begun' ? `${classOf(test)}.setUpClass` : test) ?? [];
    if (state === 'passed') {
      const missing = own.find(({ requestId }) => unserved.has(requestId));
      return missing === undefined ? outcome : { test, state: 'hollow', reason: causeOf(missing) };
    }
    const refused = own.findLast(({ status }) => status >= 400);
    return state === 'skipped' || refused === undefined
      ? outcome
      : { test, state, reason: `${causeOf(refused)}: ${reason}` };
  });
}
