import fc from 'fast-check';
import { asked, attributes, name, NAMES, nothing, PROJECTS, role, userId } from '../asked';
import { projectOf } from '../records';

export const project = asked({
  category: 'project',
  streams: PROJECTS,
  requests: (projectId) => ({
    CreateProject: name.map((given) => projectOf({ projectId, name: given })),
    UpdateProject: fc.record(
      { enabled: fc.boolean(), tags: fc.subarray([...NAMES]), attributes },
      { requiredKeys: [] },
    ),
    TagProject: name.map((tag) => ({ tag })),
    UntagProject: name.map((tag) => ({ tag })),
    GrantRole: fc.record({ userId, role }),
    RevokeRole: fc.record({ userId, role }),
    DeleteProject: nothing,
    AbandonCreation: fc.constant({ id: projectId }),
  }),
});
