import type { EntityOf, Row } from '@cairn/projections';
import type { Rights } from '../../policy';
import type { ColumnOf, Condition } from './condition';
import type { Order } from './order';
import type { QueryParameters } from './parameters';

/** A request for a list. */
export interface Asking {
  readonly query: QueryParameters;
  readonly rights: Rights;
  readonly projectId: string | null;
  readonly userId: string;
  /** The microversion's second number; 0 where an API has none. */
  readonly minor: number;
}

/** A regular expression over texts that a row has in these columns: no database's, so it runs on rows that are read. */
export interface Matched<R> {
  readonly is: 'matched';
  readonly columns: readonly ColumnOf<R>[];
  readonly texts: (row: R) => readonly string[];
  readonly pattern: string;
}

/** A parameter as a filter gets it. */
export interface Given {
  readonly name: string;
  /** The value that counts where one is expected. */
  readonly value: string;
  readonly values: readonly string[];
  readonly asking: Asking;
}

/** What one query parameter asks of the rows. */
export interface Filter<R> {
  /** A caller who does not pass this rule of policy is answered as if the parameter were not there. */
  readonly rule?: string;
  /** The microversion from which on the rule does not count. */
  readonly openSince?: number;
  /** The microversion that brings the parameter; before, it is unknown. */
  readonly since?: number;
  /** A column of texts, for APIs whose clients may ask for parts of them. */
  readonly text?: ColumnOf<R>;
  /** @throws an error in the API's words for a value that cannot be. */
  read(given: Given): Condition<R> | Matched<R>;
}

export interface Sorting<R> {
  /** The API's names of what a list may be sorted by; null for those that change nothing. */
  readonly keys: Readonly<Record<string, ColumnOf<R> | null>>;
  /** The same for a microversion, where it differs. */
  readonly keysIn?: (minor: number) => Readonly<Record<string, ColumnOf<R> | null>>;
  /** The order of a list that is not asked for in another one. */
  readonly usual: readonly Order<R>[];
  /** Why this caller may not sort by a key. */
  readonly refusal?: (key: string, asking: Asking) => Error | undefined;
}

/** A page begins behind the row that the parameter `marker` names. */
export interface Marker<R> {
  /** Names one row. */
  readonly column: ColumnOf<R>;
  /** The microversion that brings pages; before, a list is whole. */
  readonly since?: number;
  /** The rows that may be a marker, whether they are in the list or not; the list's scope if this is missing. */
  readonly visible?: (asking: Asking) => Condition<R>;
  /** What a caller is told who names another one. */
  readonly missing: (marker: string) => Error;
}

/** How an API writes pages, order and filters into a URL. */
export interface ListApi {
  /** Whether a parameter asks a list for pages or order: it is no filter then. */
  isWord<R>(name: string, definition: ListDefinition<R>): boolean;
  /** Which of the values of a repeated parameter counts. */
  pick(values: readonly string[]): string;
  /** The size of a page that is asked for; null for a list that has no end. @throws in the API's words. */
  limit(query: QueryParameters): number | null;
  /** How many rows are left out, in lists that are paged so. @throws in the API's words. */
  offset(query: QueryParameters): number;
  /** @throws in the API's words. */
  orders<R>(asking: Asking, sorting: Sorting<R>): readonly Order<R>[];
  /** The filter that a name stands for which no list defines. */
  derived?<R>(name: string, filters: Filters<R>): Filter<R> | undefined;
  /** Hears of parameters that mean nothing. @throws in the API's words where they are refused. */
  unknown?(name: string, asking: Asking): void;
}

export type Filters<R> = Readonly<Record<string, Filter<R>>>;

/** All that a façade says about one of its collections. `lists.ts` and `memory-list.ts` make pages of it. */
export interface ListDefinition<R> {
  readonly api: ListApi;
  /** Names one row: decides between equals. */
  readonly key: ColumnOf<R>;
  /** The rows that this caller is shown, filtered or not. */
  readonly scope: (asking: Asking) => Condition<R>;
  /** The parameters that `scope` reads. */
  readonly parameters?: readonly string[];
  readonly filters: Filters<R>;
  /** Filters by names that are not fixed, such as an image's own properties. */
  readonly others?: (name: string) => Filter<R> | undefined;
  readonly sorting: Sorting<R>;
  /** A list without it is whole. */
  readonly paging?: Marker<R> | 'offset';
}

/** A collection whose rows are a read model's. */
export interface TableList<R extends Row> extends ListDefinition<R> {
  readonly entity: EntityOf<R>;
}

export interface Page<R> {
  readonly rows: readonly R[];
  /** What names the last row, for a page that is full; null for the last page. */
  readonly next: string | null;
}
