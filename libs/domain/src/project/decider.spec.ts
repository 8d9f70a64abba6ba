import { PROJECT, uuid } from '../testing/examples';
import { specOf } from '../testing/given';
import { project, type ProjectCommand, type ProjectEvent, rolesSince } from './index';

const given = specOf(project);
const record = { projectId: PROJECT, name: 'demo', domainId: 'default', description: '', enabled: true };
const created: ProjectEvent = { type: 'project.created.v1', data: record };
const abandoned: ProjectEvent = { type: 'project.creation-abandoned.v1', data: {} };
const deleted: ProjectEvent = { type: 'project.deleted.v1', data: { projectId: PROJECT } };
const create: ProjectCommand = { type: 'CreateProject', data: record };
const abandon: ProjectCommand = { type: 'AbandonCreation', data: { id: 'p1' } };
const grant = (userId: string, role = 'member'): ProjectCommand => ({ type: 'GrantRole', data: { userId, role } });
const granted = (userId: string, role = 'member'): ProjectEvent => ({
  type: 'project.role-granted.v1',
  data: { userId, role },
});
const revoke = (userId: string, role = 'member'): ProjectCommand => ({ type: 'RevokeRole', data: { userId, role } });
const revoked = (userId: string, role = 'member'): ProjectEvent => ({
  type: 'project.role-revoked.v1',
  data: { userId, role },
});

describe('the life of a project', () => {
  it('begins once, or never after it was abandoned', () => {
    given().when(create).then(created);
    given(created).when(create).thenRefuses('project.exists');
    given().when(abandon).then(abandoned);
    given(abandoned).when(abandon).thenNothing();
    given(abandoned).when(create).thenRefuses('project.exists');
    given(created).when(abandon).thenRefuses('project.exists');
  });

  it('ends once, and with it all roles', () => {
    given(created).when({ type: 'DeleteProject', data: {} }).then(deleted);
    given(created, deleted).when({ type: 'DeleteProject', data: {} }).thenRefuses('project.not-found');
    expect(given(created, granted(uuid(1)), deleted).state.roles).toEqual({});
  });
});

describe('changing a project', () => {
  it('records what differs, and nothing else', () => {
    given(created)
      .when({ type: 'UpdateProject', data: { description: 'ours', enabled: true } })
      .then({ type: 'project.updated.v1', data: { description: 'ours' } });
    given(created)
      .when({ type: 'UpdateProject', data: { name: 'demo' } })
      .thenNothing();
    const { state } = given(created, { type: 'project.updated.v1', data: { description: 'ours' } });
    expect(state.record).toEqual({ ...record, description: 'ours' });
    expect(given({ type: 'project.updated.v1', data: { description: 'ours' } }).state).toEqual(project.initial);
  });
});

describe.each([uuid(1), 'constructor', '__proto__'])('the roles of user %s', (userId) => {
  it('are granted and revoked once each', () => {
    given(created).when(grant(userId)).then(granted(userId));
    given(created, granted(userId)).when(grant(userId)).thenNothing();
    given(created, granted(userId)).when(grant(userId, 'admin')).then(granted(userId, 'admin'));
    given(created, granted(userId)).when(revoke(userId)).then(revoked(userId));
    given(created, granted(userId), revoked(userId)).when(revoke(userId)).thenNothing();
  });

  it('are all those granted and not revoked', () => {
    const { state } = given(created, granted(userId), granted(userId, 'admin'), revoked(userId));
    expect(Object.entries(state.roles)).toEqual([[userId, ['admin']]]);
    expect(Object.entries(given(created, granted(userId), revoked(userId)).state.roles)).toEqual([]);
  });
});

describe('the roles that a token gives', () => {
  const user = uuid(1);
  const enabled = (enabled: boolean): ProjectEvent => ({ type: 'project.updated.v1', data: { enabled } });
  const both = [created, granted(user), granted(user, 'admin')];

  it('are those of the user now, but for those that were taken since it was issued', () => {
    expect(rolesSince(given(...both).state, user, 0)).toEqual(['member', 'admin']);
    const taken = given(...both, revoked(user)).state;
    expect(rolesSince(taken, user, 0)).toEqual(['admin']);
    const back = given(...both, revoked(user), granted(user), granted(user, 'reader')).state;
    expect([rolesSince(back, user, 0), rolesSince(back, user, back.epoch)]).toEqual([
      ['admin', 'reader'],
      ['admin', 'member', 'reader'],
    ]);
    expect(rolesSince(back, uuid(2), back.epoch)).toEqual([]);
  });

  it('are none once the project was disabled, also when it is enabled again', () => {
    expect(rolesSince(given(...both, enabled(false)).state, user, 1)).toEqual([]);
    const again = given(...both, enabled(false), enabled(true)).state;
    expect([rolesSince(again, user, 0), rolesSince(again, user, again.epoch)]).toEqual([[], ['member', 'admin']]);
    expect(rolesSince(given(...both, deleted).state, user, 0)).toEqual([]);
  });
});

describe('what clients say of a project themselves', () => {
  const colour = { colour: 'blue', since: 2026 };

  it('is kept from the start, and changed name by name', () => {
    const data = { ...record, tags: ['one'], attributes: colour };
    given().when({ type: 'CreateProject', data }).then({ type: 'project.created.v1', data });
    given({ type: 'project.created.v1', data })
      .when({ type: 'UpdateProject', data: { attributes: { since: null, size: [1, { a: 'b' }] } } })
      .then({
        type: 'project.updated.v1',
        data: { attributes: { colour: 'blue', since: null, size: [1, { a: 'b' }] } },
      });
  });

  it('is not changed by the same again, nor by nothing', () => {
    const made: ProjectEvent = { type: 'project.created.v1', data: { ...record, tags: ['one'], attributes: colour } };
    given(made)
      .when({ type: 'UpdateProject', data: { tags: ['one'], attributes: { colour: 'blue' } } })
      .thenNothing();
    given(created)
      .when({ type: 'UpdateProject', data: { tags: [], attributes: {} } })
      .thenNothing();
  });

  it('has tags, one by one: each once, in order, and at most 80', () => {
    const tagged = (...tags: string[]): ProjectEvent => ({ type: 'project.updated.v1', data: { tags } });
    given(created, tagged('b'))
      .when({ type: 'TagProject', data: { tag: 'a' } })
      .then(tagged('a', 'b'));
    given(created, tagged('b'))
      .when({ type: 'TagProject', data: { tag: 'b' } })
      .thenNothing();
    given(created, tagged('a', 'b'))
      .when({ type: 'UntagProject', data: { tag: 'a' } })
      .then(tagged('b'));
    given(created)
      .when({ type: 'UntagProject', data: { tag: 'a' } })
      .thenRefuses('project.tag-not-found');
    given(created, tagged(...Array.from({ length: 80 }, (_, i) => `t${String(i)}`)))
      .when({ type: 'TagProject', data: { tag: 'one more' } })
      .thenRefuses('project.too-many-tags');
  });

  it('may have any name', () => {
    const attributes = JSON.parse('{"__proto__": "a", "constructor": "b"}') as Record<string, string>;
    const { state } = given(created, { type: 'project.updated.v1', data: { attributes } });
    expect(Object.entries(state.record?.attributes ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });
});
