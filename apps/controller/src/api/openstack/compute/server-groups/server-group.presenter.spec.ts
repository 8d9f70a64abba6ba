import type { ServerGroupView } from '../../../../application/server-group/server-group.query';
import { PROJECT } from '../testing/rows';
import { shapeDifferences } from '../testing/shapes';
import { presentServerGroup } from './server-group.presenter';

const group: ServerGroupView = {
  groupId: '5bbcc3c4-1da2-4437-a48a-66f15b1b13f9',
  projectId: PROJECT,
  userId: 'fake',
  name: 'test',
  policy: 'anti-affinity',
  maxPerHost: 3,
  members: [],
};

it.each([
  [1, ''],
  [12, ''],
  [13, 'v2.13/'],
  [63, 'v2.13/'],
  [64, 'v2.64/'],
  [93, 'v2.64/'],
])('a server group is shown in 2.%d as nova shows it', (minor, version) => {
  const shown = presentServerGroup(group, { minor });
  const own = { onlyType: ['user_id', 'project_id', 'name'] };
  expect(
    shapeDifferences({ server_group: shown }, 'os-server-groups', `${version}server-groups-get-resp`, own),
  ).toEqual([]);
  expect(
    shapeDifferences({ server_groups: [shown] }, 'os-server-groups', `${version}server-groups-list-resp`, own),
  ).toEqual([]);
});

it('has rules only if somebody gave it some', () => {
  const { maxPerHost: _most, ...plain } = group;
  expect(presentServerGroup(plain, { minor: 64 })).toMatchObject({ rules: {} });
  expect(presentServerGroup(group, { minor: 64 })).toMatchObject({ rules: { max_server_per_host: 3 } });
});
