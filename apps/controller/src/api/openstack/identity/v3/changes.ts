import { domainById } from '../../../../identity/domains';
import { HttpProblem } from '../../../http';

/** What a request gives, without fields that it leaves out. */
export const given = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** Names under which users and projects show what is not the client's to say. */
export const SHOWN = ['id', 'links', 'password_expires_at', 'password_expires'];

/** The id of a domain that is there; the default one when none is named. @throws HttpProblem 404. */
export function domainIdOf(id: string | null | undefined): string {
  const domain = domainById(id ?? 'default');
  if (domain === undefined) throw new HttpProblem(404, `Could not find domain: ${id ?? ''}.`);
  return domain.id;
}

/** @throws HttpProblem 400 when something that exists is to be moved to another domain. */
export function refuseMove(from: string, to: string | null | undefined): void {
  if (to !== undefined && to !== null && to !== from) throw new HttpProblem(400, 'Domain ID is immutable.');
}
