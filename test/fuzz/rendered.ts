import { type Asked, isRef, isUnique, type Node, type Spoiling } from './asked';
import type { CallerName } from './callers';
import type { FuzzCloud, HttpRequest } from './fuzz-cloud';
import { filled, type Operation, parametersOf } from './operations';
import type { Things } from './things';

/** A request as it is sent, with the ids that its references stood for. */
export interface Rendered {
  readonly http: HttpRequest;
  /** Of the URL's parameters, the project's not among them. */
  readonly ids: readonly string[];
  readonly url: string;
}

/** Puts ids of things that there are in the places of references. */
export function rendered(asked: Asked, operation: Operation, cloud: FuzzCloud, things: Things): Rendered {
  const { route } = operation;
  const url = route.urls[asked.spelling % route.urls.length] ?? '';
  const project = cloud.callers.projectOf(asked.who);
  const ids = idsOf(asked, url, things, project);
  const ofProject = (name: string): boolean => route.service === 'compute' && name === 'projectId';
  const left = [...ids];
  const values = parametersOf(url).map(({ name }) =>
    ofProject(name) ? (projectIn(asked, cloud) ?? 'none') : (left.shift() ?? ''),
  );
  const path = filled(url, values);
  const query = queryOf(asked, things, project);
  const payload = payloadOf(asked, things, project);
  const method = asked.headers[':method'] ?? (route.method === 'ALL' ? 'GET' : route.method);
  const own = Object.entries(asked.headers)
    .filter(([name]) => !name.startsWith(':'))
    .map(([name, value]): [string, string] => [name, headerOf(value, things, project)]);
  const headers = { ...cloud.callers.credentials(asked.who), ...(Object.fromEntries(own) as Record<string, string>) };
  const http = { service: route.service, method, url: `${path}${query}`, headers };
  return { http: payload === undefined ? http : { ...http, payload }, ids, url };
}

/** `ref:tokens` stands for the newest thing of a collection. */
function headerOf(value: string, things: Things, project: string | undefined): string {
  const [, collection] = /^ref:(.+)$/.exec(value) ?? [];
  return collection === undefined ? value : things.resolve({ $ref: collection, whose: 'own', at: 0 }, project).id;
}

/** Now and then another project's is in the URL. */
function projectIn({ who, headers }: Asked, { callers }: FuzzCloud): string | undefined {
  return callers.projectOf((headers[':project'] as CallerName | undefined) ?? who);
}

function idsOf(asked: Asked, url: string, things: Things, project: string | undefined): readonly string[] {
  const given = asked.params;
  const ids: string[] = [];
  const last = given.at(-1);
  // what is in something else decides in what: else the two would seldom fit
  const child = given.length >= 2 && isRef(last) && last.whose === 'own' ? things.resolve(last, project) : undefined;
  for (const param of given) {
    if (!isRef(param)) ids.push(param);
    else if (child?.parent !== undefined && ids.length === given.length - 2 && param.whose === 'own')
      ids.push(child.parent);
    else ids.push(things.resolve(param, project, ids.at(-1)).id);
  }
  return ids.map((id, i) => (isLiteral(given[i]) ? id : encodeURIComponent(id)));
}

/** Garbage is in URLs as it is. */
const isLiteral = (param: unknown): boolean => isRef(param) && param.whose === 'garbage';

function queryOf({ query }: Asked, things: Things, project: string | undefined): string {
  if (query.length === 0) return '';
  const text = (node: Node): string => {
    if (isRef(node)) return things.resolve(node, project).id;
    if (typeof node === 'string' && node.includes('%')) return node;
    return encodeURIComponent(typeof node === 'string' ? wellFormed(node) : JSON.stringify(node));
  };
  return `?${query.map(([name, value]) => `${encodeURIComponent(wellFormed(name))}=${text(value)}`).join('&')}`;
}

const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '');

/** The JSON of a node, with ids where references are. */
function resolved(node: Node, things: Things, project: string | undefined): unknown {
  if (isRef(node)) return decoded(things.resolve(node, project).id);
  if (isUnique(node)) return things.unique(node.$unique);
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map((item: Node) => resolved(item, things, project));
  return Object.fromEntries(Object.entries(node).map(([name, item]) => [name, resolved(item, things, project)]));
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

function payloadOf({ body, data, spoiling }: Asked, things: Things, project: string | undefined): Buffer | undefined {
  if (data !== undefined) return Buffer.from(data);
  if (body === undefined) return undefined;
  const text = JSON.stringify(resolved(body, things, project));
  return spoiling === undefined ? Buffer.from(text) : spoilt(text, spoiling);
}

function spoilt(text: string, spoiling: Spoiling): Buffer {
  const middle = Math.floor(text.length / 2);
  const first = text.indexOf(':') + 1;
  const put = (value: string | Buffer): Buffer =>
    Buffer.concat([Buffer.from(text.slice(0, first)), Buffer.from(value), Buffer.from(text.slice(first))]);
  switch (spoiling) {
    case 'cut':
      return Buffer.from(text.slice(0, middle));
    case 'bytes that are no UTF-8':
      return Buffer.from(text.replace(/[a-z]/, '\u00ff'), 'latin1');
    case 'byte order mark':
      return Buffer.from(`\ufeff${text}`);
    case 'NUL':
      return Buffer.from(`${text}\0`);
    case 'a key twice':
      return Buffer.from(text.replace(/^\{("(?:[^"\\]|\\.)*"):/, '{$1:null,$1:'));
    case 'something behind it':
      return Buffer.from(`${text}{}`);
    case 'not a number':
      return put('NaN,');
    case 'deep':
      return put(`${'['.repeat(5_000)}${']'.repeat(5_000)},"a":`);
    case 'wide':
      return put(`[${'0,'.repeat(6_000)}0],"a":`);
    case 'comment':
      return put('/* */');
  }
}
