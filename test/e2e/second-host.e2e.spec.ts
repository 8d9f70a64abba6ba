import { outside } from './outside-address';
import { testSecondHost } from './second-host.contract';

testSecondHost({
  title: 'a host on another machine',
  missing: outside.missing,
  firstPort: 22_000,
  settings: () => ({}),
  admin: (cloud) => ({ login: 'admin', password: cloud.password('eventstore') }),
  listsOfUsers: ['denied', 'denied'],
  operations: 'not there',
});
