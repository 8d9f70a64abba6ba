import { readFile } from 'node:fs/promises';
import { ReadYourWrites } from '../application/core';
import { CreateProject, CreateProjectHandler } from '../application/project/create-project.handler';
import { CreateUser, CreateUserHandler } from '../application/user/create-user.handler';
import { DEFAULT_DOMAIN } from '../identity/domains';
import { keystoneId } from '../identity/roles';
import { projectStream } from '../application/project/projects';
import { userStream } from '../application/user/users';
import type { CommandContext } from '../runtime/ports';
import type { BootstrapCore } from './context';

type ContextOf = (...step: readonly string[]) => CommandContext;

/** Users of a new cloud; each has its role in a project of its own name. */
const TENANTS = [
  { name: 'admin', role: 'admin', description: 'Administrators of the cloud' },
  { name: 'demo', role: 'member', description: 'For trying things out' },
] as const;

async function passwordIn(file: string): Promise<string> {
  const password = (await readFile(file, 'utf8')).trim();
  if (password === '') throw new Error(`${file} holds no password`);
  return password;
}

/** The user comes last: while it is missing, earlier parts may be missing, too. */
export async function bootstrapTenants(core: BootstrapCore, contextOf: ContextOf): Promise<void> {
  for (const tenant of TENANTS) {
    const userId = keystoneId('bootstrap', 'user', tenant.name);
    if ((await core.executor.state(userStream(userId))).life !== 'absent') continue;
    const projectId = await makeProject(core, tenant.name, tenant.description, contextOf);
    const grant = { type: 'GrantRole', data: { userId, role: tenant.role } } as const;
    await core.executor.execute(projectStream(projectId), grant, contextOf('role', tenant.name));
    const user = {
      name: tenant.name,
      domainId: DEFAULT_DOMAIN.id,
      email: null,
      description: '',
      enabled: true,
      defaultProjectId: projectId,
      password: await passwordIn(core.config.passwordFiles[tenant.name]),
    };
    const { executor, keyring, passwords, readModel } = core;
    const handler = new CreateUserHandler(executor, keyring, passwords, new ReadYourWrites(readModel));
    await handler.execute(new CreateUser(user, contextOf('user', tenant.name), userId));
    core.log.info('made user', { user: tenant.name, project: projectId, role: tenant.role });
  }
}

async function makeProject(
  { executor, readModel }: BootstrapCore,
  name: string,
  description: string,
  contextOf: ContextOf,
): Promise<string> {
  const projectId = keystoneId('bootstrap', 'project', name);
  if ((await executor.state(projectStream(projectId))).life !== 'absent') return projectId;
  const project = { name, description, domainId: DEFAULT_DOMAIN.id, enabled: true };
  const handler = new CreateProjectHandler(executor, new ReadYourWrites(readModel));
  await handler.execute(new CreateProject(project, contextOf('project', name), projectId));
  return projectId;
}
