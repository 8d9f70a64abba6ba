import type { Asked, Node } from './asked';
import { isNodeObject, isRef } from './asked';
import { collectionOf, type Operation, parametersOf } from './operations';
import { LAUNCH, readyFor } from './states';
import { poolOf, wider } from './things';

/** What makes the things of a collection, where one request alone does not. */
const MADE_BY: Readonly<Record<string, readonly string[]>> = {
  images: ['image POST /v2/images', 'image PUT /v2/images/{imageId}/file'],
  'os-floating-ips': ['compute POST /os-floating-ips-bulk', 'compute POST /os-floating-ips'],
};

const DNS_DOMAIN = 'compute PUT /os-floating-ip-dns/{id}';
const DNS_ENTRY = 'compute PUT /os-floating-ip-dns/{domain}/entries/{id}';

/** What an operation needs other than a new thing of each collection in its path. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  'image PUT /v2/images/{imageId}/file': ['image POST /v2/images'],
  'compute POST /os-floating-ips': ['compute POST /os-floating-ips-bulk'],
  [DNS_DOMAIN]: [],
  'compute DELETE /os-floating-ip-dns/{id}': [DNS_DOMAIN],
  [DNS_ENTRY]: [DNS_DOMAIN],
  'compute GET /os-floating-ip-dns/{domain}/entries/{id}': [DNS_DOMAIN, DNS_ENTRY],
  'compute DELETE /os-floating-ip-dns/{domain}/entries/{id}': [DNS_DOMAIN, DNS_ENTRY],
  'identity GET /v3/auth/tokens': ['identity POST /v3/auth/tokens'],
  'identity DELETE /v3/auth/tokens': ['identity POST /v3/auth/tokens'],
};

/** What an operation is about that no answer lists. */
const ABOUT: Readonly<Record<string, Asked['params']>> = {
  'compute POST /servers/{id}/action restore': [{ $ref: 'servers', whose: 'gone', at: 0 }],
  'compute GET /os-hypervisors/{pattern}/search': ['node1'],
  'compute GET /os-hypervisors/{pattern}/servers': ['node1'],
  [DNS_DOMAIN]: ['example.org'],
  'compute DELETE /os-floating-ip-dns/{id}': ['example.org'],
  [DNS_ENTRY]: ['example.org', 'www'],
  'compute GET /os-floating-ip-dns/{domain}/entries/{id}': ['example.org', 'www'],
  'compute DELETE /os-floating-ip-dns/{domain}/entries/{id}': ['example.org', 'www'],
  'compute GET /os-fixed-ips/{id}': ['10.0.0.200'],
  'compute POST /os-fixed-ips/{id}/action': ['10.0.0.200'],
  'compute GET /os-instance_usage_audit_log/{before}': ['2026-11-22 12:00:00'],
};

/** Something to be done before an operation: a request, or an operation that is asked for as a good one. */
export type Preparation = Asked | Operation;

/** Knows how to make whatever an operation is about, so that it is granted whatever happened before. */
export class Making {
  private readonly byKey: ReadonlyMap<string, Operation>;

  constructor(private readonly operations: readonly Operation[]) {
    this.byKey = new Map(operations.map((operation) => [operation.key, operation]));
  }

  /** What is to be done before it, in order: what is in something else is made after that. */
  before({ key, action, route }: Operation): readonly Preparation[] {
    if (action !== undefined) return readyFor(action);
    const needs = NEEDS[key];
    if (needs !== undefined) return this.named(needs);
    const own = parametersOf(route.urls[0] ?? '').filter(
      ({ name }) => name !== 'projectId' || route.service !== 'compute',
    );
    return own.flatMap(({ collection }) => this.of(collection, key));
  }

  private of(collection: string, but: string): readonly Preparation[] {
    const pools = [collection, poolOf(collection), wider(collection)];
    if (pools.includes('servers')) return [LAUNCH];
    for (const pool of pools) {
      const known = MADE_BY[pool];
      if (known !== undefined) return this.named(known);
      const maker = this.operations.find((one) => makes(one, pool));
      if (maker !== undefined) return maker.key === but ? [] : [maker];
    }
    // nobody makes them: they are looked for
    const list = this.operations.find((one) => !one.writes && collectionOf(one.route.urls[0] ?? '') === collection);
    return list === undefined ? [] : [list];
  }

  private named(keys: readonly string[]): readonly Operation[] {
    return keys.flatMap((key) => this.byKey.get(key) ?? []);
  }
}

function makes({ action, route }: Operation, collection: string): boolean {
  const url = route.urls[0] ?? '';
  if (action !== undefined) return false;
  if (route.method === 'POST') return collectionOf(url) === collection;
  // what is named in a path by those who make it is always in something else
  return route.method === 'PUT' && collection.includes('/') && parametersOf(url).at(-1)?.collection === collection;
}

/** The request for what is newest, with the help of what is oldest: that is there from the beginning, and stays. */
export function pointed(asked: Asked): Asked {
  const params = ABOUT[asked.operation] ?? asked.params.map((param) => (isRef(param) ? { ...param, at: 0 } : param));
  return { ...asked, spelling: 0, params, ...(asked.body === undefined ? {} : { body: oldest(asked.body) }) };
}

function oldest(node: Node): Node {
  if (isRef(node)) return { ...node, at: 0.999 };
  if (Array.isArray(node)) return node.map((item: Node) => oldest(item));
  if (!isNodeObject(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([name, item]) => [name, oldest(item)]));
}
