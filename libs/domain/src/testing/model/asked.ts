import fc, { type Arbitrary } from 'fast-check';
import type { Category, CommandOf } from '../../aggregates';
import type { JsonValue } from '../../kernel/attributes';

type Data<C extends Category, T extends CommandOf<C>['type']> = Extract<CommandOf<C>, { readonly type: T }>['data'];

/** Arbitraries of the data of some commands of an aggregate, by the command's type. */
export type Requests<C extends Category> = { readonly [T in CommandOf<C>['type']]?: Arbitrary<Data<C, T>> };

/** What people ask of one aggregate: tenants, operators, hosts of themselves. */
export interface Asked<C extends Category> {
  readonly category: C;
  /**
   * Ids of the streams that people act on in a random history beside servers and hosts, which such a history makes
   * itself. Empty where only other streams give the aggregate commands.
   */
  readonly streams: readonly string[];
  requests(id: string): Requests<C>;
}

export const asked = <C extends Category>(one: Asked<C>): Asked<C> => one;

export const PROJECTS = ['p1', 'p2', 'p3'] as const;
export const USERS = ['u1', 'u2', 'u3'] as const;

export const NAMES = ['alpha', 'beta', 'Beta', '__proto__'] as const;
export const name = fc.constantFrom(...NAMES);
export const text = fc.constantFrom(null, '', 'a b', 'ünïcode “text”');
export const attributes = fc.dictionary(name, fc.constantFrom<JsonValue>('x', 1, null, ['y']));
export const few = fc.integer({ min: 1, max: 5 });
export const boot = fc.nat({ max: 1_000 }).map((n) => `boot-${String(n)}`);
export const nothing = fc.constant({});
export const role = fc.constantFrom('admin', 'member', 'reader');
export const userId = fc.constantFrom(...USERS);
