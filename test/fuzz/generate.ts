import {
  MAX_MICROVERSION,
  MIN_MICROVERSION,
} from '../../apps/controller/src/api/openstack/compute/shared/microversion';
import { isActionIn } from '../../apps/controller/src/api/openstack/compute/servers/server-action';
import type { Random } from '../sim/random';
import { type Asked, type Node, type Ref, SPOILINGS } from './asked';
import { CALLERS, type CallerName } from './callers';
import { bodyOf } from './field-values';
import { mutated } from './mutate';
import { type Operation, parametersOf } from './operations';
import { actionBody, RECIPES } from './recipes';
import { QUERY_VALUES, QUERY_WORDS } from './values';

/** The caller who most probably has the right to ask for it. */
const GOOD_CALLERS: Readonly<Record<string, readonly CallerName[]>> = {
  identity: ['admin'],
  compute: ['admin', 'admin', 'member', 'other'],
  image: ['admin', 'member', 'other'],
  hosts: ['host'],
};

const anyRef = (collection: string, random: Random, whose: Ref['whose']): Ref => ({
  $ref: collection,
  whose,
  at: random.next(),
});

/** Makes requests: good ones, and good ones in which something is wrong. */
export class Generator {
  /** @param parameters names of query parameters besides those of pages and order */
  constructor(
    private readonly random: Random,
    private readonly parameters: readonly string[],
  ) {}

  /**
   * A request that should be granted, as far as can be known.
   * @param plain prefers what a person has written down over what the rules of a body's class allow
   */
  good(operation: Operation, plain = false): Asked {
    const { random } = this;
    const { route, action, key } = operation;
    const spelling = random.chance(0.7) ? 0 : random.int(0, 2);
    const url = route.urls[0] ?? '';
    const own = parametersOf(url).filter(({ name }) => !(route.service === 'compute' && name === 'projectId'));
    const isNew = route.method === 'PUT' && own.length > 1;
    const params = own.map(({ collection }, i): Ref | string =>
      isNew && i === own.length - 1 && /(tags|metadata|specs)$/.test(collection)
        ? `word${String(random.int(0, 9))}`
        : anyRef(collection, random, 'own'),
    );
    const asked: Asked = {
      operation: key,
      spelling,
      who: random.pick(GOOD_CALLERS[route.service] ?? CALLERS),
      params,
      query: [],
      headers: this.microversion(operation),
      then: 'settle',
    };
    const recipe = action === undefined ? this.recipe(operation, params, plain) : { body: actionBody(action, random) };
    if (recipe === undefined) return asked;
    const type = recipe.body === undefined ? {} : { 'content-type': 'application/json' };
    const versioned = Object.hasOwn(recipe.headers ?? {}, 'openstack-api-version');
    // the last spelling is that of the first years, which has one version
    const at = versioned ? { spelling: 0 } : {};
    return { ...asked, ...at, ...recipe, headers: { ...type, ...(versioned ? {} : asked.headers), ...recipe.headers } };
  }

  /** A request in which one or two things are not as they should be. */
  odd(operation: Operation): Asked {
    const { random } = this;
    let asked = this.good(operation);
    for (let i = random.skewed(1, 3); i > 0; i -= 1) asked = this.spoil(asked, operation);
    return { ...asked, then: random.weighted({ settle: 6, nothing: 2, refused: 1, impossible: 1, hours: 1 }) };
  }

  private recipe(
    { key, route }: Operation,
    params: readonly (Ref | string)[],
    plain: boolean,
  ): Partial<Asked> | undefined {
    const { random } = this;
    const cook = RECIPES[key];
    const { body } = route;
    if (cook !== undefined && (body === undefined || plain || random.chance(0.6))) return cook(random, params);
    return body === undefined ? undefined : { body: bodyOf(body, random) };
  }

  private microversion({ route, action }: Operation): Readonly<Record<string, string>> {
    const { random } = this;
    if (route.service !== 'compute') return {};
    const [first, last] = [route.first ?? MIN_MICROVERSION, route.last ?? MAX_MICROVERSION];
    const all = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const minors = action === undefined ? all : all.filter((minor) => isActionIn(minor, action));
    const version = `2.${String(random.pick(minors))}`;
    return random.chance(0.5)
      ? { 'openstack-api-version': `compute ${version}` }
      : { 'x-openstack-nova-api-version': version };
  }

  private spoil(asked: Asked, operation: Operation): Asked {
    const { random } = this;
    const { body } = asked;
    const kinds = {
      who: 2,
      param: asked.params.length === 0 ? 0 : 4,
      query: operation.writes ? 1 : 5,
      headers: 1,
      body: body === undefined ? 0 : 6,
      bytes: body === undefined ? 0 : 1,
      surprise: operation.writes ? 0.3 : 0.1,
    };
    switch (random.weighted(kinds)) {
      case 'who':
        return { ...asked, who: random.pick(CALLERS) };
      case 'param':
        return { ...asked, params: this.otherParams(asked.params) };
      case 'query':
        return { ...asked, query: [...asked.query, ...this.query(random.skewed(1, 4))] };
      case 'headers':
        return { ...asked, headers: { ...asked.headers, ...random.pick(ODD_HEADERS) } };
      case 'body':
        return { ...asked, body: mutated(body ?? null, random) };
      case 'bytes':
        return { ...asked, spoiling: random.pick(SPOILINGS) };
      case 'surprise':
        return {
          ...asked,
          body: mutated({}, random),
          headers: { 'content-type': 'application/json', ...asked.headers },
        };
    }
  }

  private otherParams(params: Asked['params']): Asked['params'] {
    const { random } = this;
    const which = random.int(0, params.length - 1);
    const whose = random.pick(['other', 'gone', 'unknown', 'garbage', 'own'] as const);
    return params.map((param, i) => {
      if (i !== which) return param;
      return typeof param === 'string' ? { $ref: 'none', whose: 'garbage', at: random.next() } : { ...param, whose };
    });
  }

  private query(count: number): Asked['query'] {
    const { random } = this;
    const name = (): string => random.pick(random.chance(0.4) ? QUERY_WORDS : this.parameters);
    const value = (): Node => {
      if (random.chance(0.2)) return anyRef('servers', random, random.pick(['own', 'other', 'garbage']));
      return random.chance(0.8) ? random.pick(QUERY_VALUES) : mutated('', random);
    };
    const one = (): readonly [string, Node] => [name(), value()];
    const asked = Array.from({ length: count }, one);
    const [first] = asked;
    return first !== undefined && random.chance(0.2) ? [...asked, [first[0], value()]] : asked;
  }
}

/** `:method` and `:project` are not headers: another method, and another caller's project in the URL. */
const ODD_HEADERS: readonly Readonly<Record<string, string>>[] = [
  { 'openstack-api-version': 'compute latest' },
  { 'openstack-api-version': 'compute 2.94' },
  { 'openstack-api-version': 'compute 2.0' },
  { 'openstack-api-version': 'compute' },
  { 'openstack-api-version': 'compute two' },
  { 'openstack-api-version': 'compute 2.1 2.2' },
  { 'openstack-api-version': 'volume 3.1' },
  { 'openstack-api-version': ',,,compute 2.99999999999' },
  { 'x-openstack-nova-api-version': '-1' },
  { 'x-openstack-nova-api-version': '' },
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/xml' },
  { 'content-type': '' },
  { 'content-type': 'application/json; charset=latin-1' },
  { 'content-type': 'application/octet-stream' },
  { 'content-type': 'application/openstack-images-v2.0-json-patch' },
  { accept: 'application/json' },
  { accept: 'text/plain' },
  { accept: 'text/html;q=0.5, application/json' },
  { 'x-auth-token': '' },
  { 'x-auth-token': 'x'.repeat(5_000) },
  { 'x-subject-token': 'admin' },
  { 'x-subject-token': 'gAAAAA' },
  { 'idempotency-key': 'one' },
  { 'x-forwarded-host': 'a b"<>' },
  { host: '' },
  { host: 'a:b:c' },
  { range: 'bytes=5-1' },
  { range: 'bytes=0-3' },
  { 'if-none-match': '*' },
  { ':method': 'PUT' },
  { ':method': 'PATCH' },
  { ':method': 'DELETE' },
  { ':method': 'HEAD' },
  { ':method': 'OPTIONS' },
  { ':project': 'admin' },
  { ':project': 'other' },
];
