import { encodedWithout, type QueryParameters } from '../../../../application/lists';

/** A link as nova writes it. */
export interface Link {
  readonly href: string;
  readonly rel: string;
  readonly type?: string;
}

/** The URLs of one request's answer: they repeat the version and the project exactly as the request's URL had them. */
export class Links {
  private readonly self: string;
  private readonly bookmark: string;

  /**
   * @param base scheme, host and port by which the client reached us.
   * @param version `v2.1` or `v2`.
   * @param project the project in the URL, or null where the URL had none.
   */
  constructor(
    readonly base: string,
    version: string,
    project: string | null,
  ) {
    const inside = project === null ? '' : `/${project}`;
    this.self = `${base}/${version}${inside}`;
    this.bookmark = `${base}${inside}`;
  }

  /** Links of one resource: with the version, and the permanent one without. */
  of(collection: string, id: string): readonly [Link, Link] {
    return [{ rel: 'self', href: `${this.self}/${collection}/${id}` }, this.bookmarkOf(collection, id)];
  }

  bookmarkOf(collection: string, id: string): Link {
    return { rel: 'bookmark', href: `${this.bookmark}/${collection}/${id}` };
  }

  /** Where one resource is, for Location headers. */
  locationOf(collection: string, id: string): string {
    return `${this.self}/${collection}/${id}`;
  }

  /** The page after `marker`: the same request otherwise. */
  next(collection: string, query: QueryParameters, marker: string): Link {
    const parameters = encodedWithout(query, 'marker');
    parameters.append('marker', marker);
    return { rel: 'next', href: `${this.self}/${collection}?${parameters.toString()}` };
  }
}
