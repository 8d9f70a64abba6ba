import { type ProjectEvent, unreachable } from '@cairn/domain';
import { existing, type Projection } from '../projection';
import { ProjectRow } from './row';

type Seen = Extract<ProjectEvent, { type: 'project.created.v1' | 'project.updated.v1' | 'project.deleted.v1' }>;

export const projects: Projection<ProjectRow, Seen> = {
  name: 'projects.v2',
  group: 'identity',
  version: 1,
  entity: ProjectRow,
  owner: { category: 'project', column: 'id' },
  types: { 'project.created.v1': true, 'project.updated.v1': true, 'project.deleted.v1': true },
  keys: ({ streamId }) => [streamId],
  apply(row, event) {
    switch (event.type) {
      case 'project.created.v1': {
        const { projectId, ...record } = event.data;
        return { tags: [], attributes: {}, ...record, id: projectId, createdAt: event.at };
      }
      case 'project.updated.v1':
        return { ...existing(row, event), ...event.data };
      case 'project.deleted.v1':
        return null;
      default:
        return unreachable(event);
    }
  },
};
