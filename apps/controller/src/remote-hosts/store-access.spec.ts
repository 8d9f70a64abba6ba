import { MemoryEventStore, StoreSecurity, UserExists } from '@cairn/event-store';
import type { HostCredentials } from './credentials';
import { closeStore, ownersOf, StoreAccess } from './store-access';

const HOST = '1a4e0000-0000-4000-8000-000000000001';
const STREAM = `agent-${HOST}`;
const credentialsOf = (enrolment: number): HostCredentials => ({
  login: STREAM,
  enrolmentLogin: `${STREAM}.${String(enrolment)}`,
  storePassword: `secret ${String(enrolment)}`,
  redisPassword: '',
  token: '',
});

describe('what hosts may do in a store', () => {
  let log: MemoryEventStore;
  let users: Map<string, string>;
  let groups: Map<string, readonly string[]>;
  /** Everything that happened, in order. */
  let happened: string[];
  let security: StoreSecurity;

  const listed = async (right = '$w'): Promise<unknown> =>
    ((await log.last(`$$${STREAM}`))?.data['$acl'] as Record<string, unknown> | undefined)?.[right];

  beforeEach(() => {
    log = new MemoryEventStore();
    happened = [];
    users = new Map();
    groups = new Map();
    const append = log.append.bind(log);
    jest.spyOn(log, 'append').mockImplementation((stream, ...rest) => {
      happened.push(`write ${stream}`);
      return append(stream, ...rest);
    });
    security = new StoreSecurity(log, {
      make: ({ login, password }) => {
        happened.push(`make ${login}`);
        if (users.has(login) && users.get(login) !== password) return Promise.reject(new UserExists(login));
        users.set(login, password);
        return Promise.resolve();
      },
      remove: (login) => {
        happened.push(`remove ${login}`);
        users.delete(login);
        return Promise.resolve();
      },
      all: () =>
        Promise.resolve(
          [...users.keys()].map((loginName) => ({
            loginName,
            groupsList: [...(groups.get(loginName) ?? [])],
            disabled: loginName.startsWith('disabled'),
          })),
        ),
      close: () => undefined,
    });
  });

  describe('whose open calls do not end with their user', () => {
    let access: StoreAccess;
    beforeEach(() => {
      access = new StoreAccess(security, { owners: ['$admins', 'cairn'], endsCalls: false });
    });

    it('has a user of each enrolment, and never two', async () => {
      await access.admit(HOST, credentialsOf(1), true);
      await access.admit(HOST, credentialsOf(2), true);
      expect([...users]).toEqual([[`${STREAM}.2`, 'secret 2']]);
      expect(await listed()).toEqual(['$admins', 'cairn', `${STREAM}.2`]);
      expect([await listed('$d'), await listed('$mw')]).toEqual([['$admins'], ['$admins', 'cairn']]);
    });

    it('shuts a host out by the list first, then by its users, whichever they are', async () => {
      await access.admit(HOST, credentialsOf(1), true);
      users.set(`${STREAM}.0`, 'left over');
      happened = [];
      await access.shutOut(HOST);
      expect(happened).toEqual([`write $$${STREAM}`, `remove ${STREAM}.1`, `remove ${STREAM}.0`]);
      expect(await listed()).toEqual(['$admins', 'cairn']);
    });

    it('is brought in line without disturbing a host that is in', async () => {
      await access.admit(HOST, credentialsOf(1), true);
      happened = [];
      await access.admit(HOST, credentialsOf(1), false);
      expect(happened).toEqual([`make ${STREAM}.1`]);
      users.set(`${STREAM}.1`, 'by an administrator');
      await access.admit(HOST, credentialsOf(1), false);
      expect(users.get(`${STREAM}.1`)).toBe('by an administrator');
    });
  });

  it('are by one user in a store that ends the calls of a user that goes', async () => {
    const access = new StoreAccess(security, { owners: ['$admins'], endsCalls: true });
    await access.admit(HOST, credentialsOf(1), true);
    await access.admit(HOST, credentialsOf(2), true);
    expect([...users]).toEqual([[STREAM, 'secret 2']]);
    expect(access.loginOf(credentialsOf(2))).toBe(STREAM);
  });

  it('is nothing by default, while users of others keep what they had', async () => {
    for (const name of ['shop', 'cairn', 'admin', 'ops', 'disabled app', STREAM, `${STREAM}.1`]) users.set(name, 'x');
    groups.set('admin', ['$admins']).set('ops', ['$ops']);
    const owners = ownersOf('cairn', await security.users.all());
    expect(owners).toEqual(['$admins', 'cairn']);
    expect(await closeStore(security, owners)).toEqual({ changed: true, kept: ['shop'], others: ['shop'] });
    users.set('later', 'x');
    expect(await closeStore(security, owners)).toEqual({ changed: false, kept: [], others: ['shop'] });
    expect(ownersOf('admin', await security.users.all())).toEqual(['$admins']);
  });
});
