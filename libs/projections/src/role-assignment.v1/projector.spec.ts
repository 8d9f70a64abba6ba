import type { DomainEvent } from '@cairn/domain';
import { ProjectRow } from '../project.v2/row';
import { at, rowsAfter, timeline } from '../testing/timeline';
import { RoleAssignmentRow } from './row';

type Entry = readonly [string, DomainEvent];

const created = (projectId: string): Entry => [
  `project-${projectId}`,
  {
    type: 'project.created.v1',
    data: { projectId, name: projectId, domainId: 'default', description: '', enabled: true },
  },
];
const granted = (projectId: string, userId: string, role: string): Entry => [
  `project-${projectId}`,
  { type: 'project.role-granted.v1', data: { userId, role } },
];
const past = [
  created('p1'),
  created('p2'),
  granted('p1', 'u1', 'admin'),
  granted('p1', 'u2', 'member'),
  granted('p2', 'u1', 'member'),
];

/** In batches of any size, so that rows are found in the table as well as among those of the same batch. */
async function assignments(batchSize: number, ...more: readonly Entry[]): Promise<readonly string[]> {
  const model = await rowsAfter(timeline(...past, ...more), batchSize);
  return model.all(RoleAssignmentRow).map(({ id }) => id);
}

describe.each([1, 2, 100])('projects.v1 and role-assignments.v1, %d events at a time', (size) => {
  it('show who has which role where', async () => {
    expect(await assignments(size)).toEqual(['p1/u1/admin', 'p1/u2/member', 'p2/u1/member']);
  });

  it('forget a role that was revoked', async () => {
    const data = { userId: 'u1', role: 'admin' };
    const left = await assignments(size, ['project-p1', { type: 'project.role-revoked.v1', data }]);
    expect(left).toEqual(['p1/u2/member', 'p2/u1/member']);
  });

  it('forget the roles in a project that was deleted, and the project', async () => {
    const deleted: Entry = ['project-p1', { type: 'project.deleted.v1', data: { projectId: 'p1' } }];
    expect(await assignments(size, deleted)).toEqual(['p2/u1/member']);
    const model = await rowsAfter(timeline(...past, deleted), size);
    expect(model.all(ProjectRow).map(({ id }) => id)).toEqual(['p2']);
  });

  it('forget the roles of a user who was deleted', async () => {
    const deleted: Entry = ['user-u1', { type: 'user.deleted.v1', data: { userId: 'u1' } }];
    expect(await assignments(size, deleted)).toEqual(['p1/u2/member']);
  });

  it('follow the changes of a project', async () => {
    const updated: Entry = ['project-p1', { type: 'project.updated.v1', data: { name: 'new', enabled: false } }];
    const model = await rowsAfter(timeline(...past, updated), size);
    const expected = { name: 'new', enabled: false, domainId: 'default', createdAt: at(1) };
    expect(model.get(ProjectRow, 'p1')).toMatchObject(expected);
  });
});
