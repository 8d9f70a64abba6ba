import type { ProjectRow, UserRow } from '@cairn/projections';
import { type Asking, equal, lastOf, type ListApi, type TableList } from '../../../../application/lists';
import { DEFAULT_DOMAIN } from '../../../../identity/domains';
import { HttpProblem } from '../../../http';
import { keystoneLists } from '../keystone-lists';
import { openProjectsOf, PROJECTS, USERS } from '../v3/identity-lists';

/** v2.0 has pages; a limit of 0 is none. */
const v2Lists: ListApi = {
  ...keystoneLists,
  isWord: (name) => name === 'limit' || name === 'marker',
  limit: (query) => {
    const text = lastOf(query, 'limit');
    if (text === undefined) return null;
    if (!/^\s*\+?\d{1,15}\s*$/.test(text)) throw new HttpProblem(400, 'Invalid limit value');
    return Number(text) || null;
  },
};

const inPages = (projects: TableList<ProjectRow>): TableList<ProjectRow> => ({
  ...projects,
  api: v2Lists,
  filters: {},
  paging: { column: 'id', missing: () => new HttpProblem(400, 'Marker could not be found') },
});

/** v2.0 knows the default domain alone. */
const inDefaultDomain = () => equal<ProjectRow>('domainId', DEFAULT_DOMAIN.id);

/** What administrators see at their endpoint. */
export const TENANTS: TableList<ProjectRow> = inPages({ ...PROJECTS, scope: inDefaultDomain });

export const tenantsOf = ({ userId }: Pick<Asking, 'userId'>): TableList<ProjectRow> => inPages(openProjectsOf(userId));

export const V2_USERS: TableList<UserRow> = {
  ...USERS,
  scope: () => equal('domainId', DEFAULT_DOMAIN.id),
  filters: { name: { read: ({ value }) => equal('name', value) } },
};
