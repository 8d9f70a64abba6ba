import { HOST_A, INSTANCE, lived, operation, running, stopped, uuid } from '../testing/examples';
import { specOf } from '../testing/given';
import { instance, type InstanceCommand, type InstanceEvent } from './index';

const given = specOf(instance);

describe('what a tenant may write on a server', () => {
  const rename = (name: string): InstanceCommand => ({ type: 'RenameInstance', data: { name } });
  const describeAs = (description: string | null): InstanceCommand => ({
    type: 'DescribeInstance',
    data: { description },
  });
  const change = (set: Record<string, string>, remove: readonly string[], limit: number): InstanceCommand => ({
    type: 'ChangeMetadata',
    data: { set, remove, limit },
  });
  const replaced = (metadata: Record<string, string>): InstanceEvent => ({
    type: 'instance.metadata-replaced.v1',
    data: { metadata },
  });

  it('is where it is reached and how its disk is treated, where they change', () => {
    const reach = (addresses: object): InstanceCommand => ({ type: 'SetAccessAddresses', data: { addresses } });
    const reached = (data: object): InstanceEvent => ({ type: 'instance.access-addresses-set.v1', data });
    given(...running)
      .when(reach({ accessIpV4: '192.0.2.7', accessIpV6: null }))
      .then(reached({ accessIpV4: '192.0.2.7' }));
    const { state } = given(...running, reached({ accessIpV4: '192.0.2.7' }), reached({ accessIpV6: '::1' }));
    expect(state.request).toMatchObject({ accessIpV4: '192.0.2.7', accessIpV6: '::1' });
    given(...running, reached({ accessIpV4: '192.0.2.7' }))
      .when(reach({ accessIpV4: null }))
      .then(reached({ accessIpV4: null }));
    given(...running)
      .when({ type: 'SetDiskConfig', data: { autoDiskConfig: false } })
      .then({ type: 'instance.disk-config-set.v1', data: { autoDiskConfig: false } });
    given(...running)
      .when({ type: 'SetDiskConfig', data: { autoDiskConfig: true } })
      .thenNothing();
  });

  it('is its name and its description, where they change', () => {
    given(...running)
      .when(rename('db'))
      .then({ type: 'instance.renamed.v1', data: { name: 'db' } });
    given(...running)
      .when(rename('web'))
      .thenNothing();
    given(...running)
      .when(describeAs('the database'))
      .then({ type: 'instance.described.v1', data: { description: 'the database' } });
    given(...running)
      .when(describeAs(null))
      .thenNothing();
    const { state } = given(
      ...running,
      { type: 'instance.renamed.v1', data: { name: 'db' } },
      { type: 'instance.described.v1', data: { description: 'the database' } },
      replaced({ a: '1' }),
    );
    expect(state.request).toMatchObject({ name: 'db', description: 'the database', metadata: { a: '1' } });
  });

  it('is its metadata, whole or item by item', () => {
    given(...running)
      .when({ type: 'ReplaceMetadata', data: { metadata: {} } })
      .then(replaced({}));
    given(...running)
      .when(change({ a: '1' }, [], -1))
      .then(replaced({ role: 'web', a: '1' }));
    given(...running)
      .when(change({ a: '1' }, ['role'], 1))
      .then(replaced({ a: '1' }));
    given(...running)
      .when(change({ ['__proto__']: 'y' }, [], 5))
      .then(
        replaced(
          Object.fromEntries([
            ['role', 'web'],
            ['__proto__', 'y'],
          ]),
        ),
      );
  });

  it('is no more metadata than the quota allows', () => {
    const refusal = given(...running)
      .when(change({ a: '1' }, [], 1))
      .thenRefuses('instance.too-much-metadata');
    expect(refusal.kind).toBe('quota');
  });

  it('is no metadata while the server is being built or in error, but whatever task is under way', () => {
    for (const history of [[lived.requested], [lived.requested, lived.failed]])
      given(...history)
        .when(change({}, [], 1))
        .thenRefuses('instance.invalid-state');
    for (const busy of [
      [...running, lived.deletionRequested],
      [...stopped, { type: 'instance.start-requested.v1', data: operation }] as const,
    ])
      given(...busy)
        .when(change({}, [], 1))
        .then(replaced({ role: 'web' }));
  });

  it('is nothing where there is no server', () => {
    for (const command of [rename('db'), describeAs('x'), change({}, [], 1)])
      given().when(command).thenRefuses('instance.not-found');
  });

  it('changes nothing of a history that lacks its beginning', () => {
    const { state } = given(
      { type: 'instance.renamed.v1', data: { name: 'db' } },
      { type: 'instance.described.v1', data: { description: 'the database' } },
      replaced({ a: '1' }),
      { type: 'instance.host-claimed.v1', data: { claimId: uuid(1) } },
      { type: 'instance.launch-attempt-failed.v1', data: { attempt: 1, hostId: HOST_A, code: '', message: '' } },
    );
    expect(state).toMatchObject({ vmState: 'absent', request: undefined, host: undefined, debts: [] });
    expect(given(lived.deletionRequested).state.request?.instanceId).not.toBe(INSTANCE);
  });
});
