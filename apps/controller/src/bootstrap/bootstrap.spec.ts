import { DEFAULT_FLAVORS, streamRef } from '@cairn/domain';
import { FlavorRow, HostRow, NetworkRow, ProjectRow, RoleAssignmentRow, UserRow } from '@cairn/projections';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Core } from '../application/core';
import { parseConfig } from '../config';
import { UserSecrets } from '../identity/user-secrets';
import { type MemoryCore, memoryCore } from '../testing/memory-core';
import { bootstrap } from './bootstrap';

const HOSTS = [
  { hostId: '6f1c1f0e-0000-4000-8000-000000000001', name: 'alpha', availabilityZone: 'nova' },
  { hostId: '6f1c1f0e-0000-4000-8000-000000000002', name: 'beta', availabilityZone: 'nova' },
];

/**
 * What happened, without what differs each time (hashes) and without the confirmations of names: one that a crash
 * prevents is made up for by the registry's own process.
 */
const outline = ({ store }: MemoryCore): readonly string[] =>
  store
    .all()
    .filter(({ type }) => type !== 'registry.name-confirmed.v1')
    .map(({ stream, type, data }) => JSON.stringify([stream, type, { ...data, passwordHash: null, settleAfter: null }]))
    .sort();

describe('bootstrap', () => {
  let memory: MemoryCore;
  let core: Core;

  beforeEach(async () => {
    memory = await memoryCore();
    const passwordFiles = { admin: join(memory.folder, 'admin'), demo: join(memory.folder, 'demo') };
    await writeFile(passwordFiles.admin, 'admin-password\n');
    await writeFile(passwordFiles.demo, 'demo-password\n');
    const config = parseConfig({ stateDir: memory.folder, passwordFiles, cloud: { hosts: HOSTS } });
    core = { ...memory.core, config };
  });
  afterEach(() => memory.close());

  const rows = <R extends object>(entity: new () => R): Promise<R[]> =>
    core.readModel.read((manager) => manager.find(entity));

  async function settled(): Promise<void> {
    expect(await core.readModel.waitFor(await memory.store.head(), 5_000)).toBe(true);
  }

  it('makes the tenants, flavors, network and hosts of a new cloud', async () => {
    await bootstrap(core);
    await settled();
    const [users, projects] = [await rows(UserRow), await rows(ProjectRow)];
    expect(users.map(({ name }) => name).sort()).toEqual(['admin', 'demo']);
    expect(projects.map(({ name }) => name).sort()).toEqual(['admin', 'demo']);
    const assignments = await rows(RoleAssignmentRow);
    const named = assignments.map(({ userId, projectId, role }) => [
      users.find(({ id }) => id === userId)?.name,
      projects.find(({ id }) => id === projectId)?.name,
      role,
    ]);
    expect(named.sort()).toEqual([
      ['admin', 'admin', 'admin'],
      ['demo', 'demo', 'member'],
    ]);
    expect((await rows(FlavorRow)).map(({ name }) => name).sort()).toEqual(
      DEFAULT_FLAVORS.map(({ name }) => name).sort(),
    );
    expect(await rows(NetworkRow)).toMatchObject([
      { label: 'private', cidr: '10.0.0.0/24', gateway: '10.0.0.1', bridge: 'br100', dns: [], mtu: 1500 },
    ]);
    expect((await rows(HostRow)).map(({ name, number }) => [name, number]).sort()).toEqual([
      ['alpha', 1],
      ['beta', 2],
    ]);
  });

  it('seals the passwords that the files hold', async () => {
    await bootstrap(core);
    await settled();
    const secrets = new UserSecrets(core.keyring, core.passwords);
    const admin = await core.directory.user({ name: 'admin', domainId: 'default' });
    expect(await secrets.verify(admin?.record, 'admin-password')).toBe(true);
    expect(JSON.stringify(memory.store.all().map(({ data, metadata }) => ({ data, metadata })))).not.toContain(
      'argon2',
    );
  });

  it('changes nothing at the next start, nor what was changed or deleted since', async () => {
    await bootstrap(core);
    await settled();
    const demo = (await rows(UserRow)).find(({ name }) => name === 'demo');
    const context = {
      commandId: 'a',
      actor: { userId: 'x', projectId: null, domainId: null, roles: [] },
      api: 'identity',
      requestId: 'req-1',
      clientAddress: null,
      correlationId: 'a',
      causationId: 'a',
      deadline: '2099-01-01T00:00:00.000Z',
    };
    await core.executor.execute(streamRef('user', demo?.id ?? ''), { type: 'DeleteUser', data: {} }, context);
    const before = memory.store.all().length;
    await bootstrap(core);
    expect(memory.store.all()).toHaveLength(before);
  });

  it.each([1, 5, 12, 17, 20, 23, 27])('is completed after it was interrupted by the %d. command', async (nth) => {
    let left = nth;
    const interrupted: Core['executor'] = {
      state: (target) => core.executor.state(target),
      latest: (target) => core.executor.latest(target),
      execute: (target, command, context) => {
        left -= 1;
        return left === 0 ? Promise.reject(new Error('crash')) : core.executor.execute(target, command, context);
      },
    };
    await expect(bootstrap({ ...core, executor: interrupted })).rejects.toThrow('crash');
    await bootstrap(core);
    const whole = await memoryCore();
    await bootstrap({ ...whole.core, config: core.config });
    expect(outline(memory)).toEqual(outline(whole));
    await whole.close();
  });
});
