import { DomainError, type OperationRequest } from '@cairn/domain';
import { OperateServer } from '../../../../application/server/server-operations.handler';
import { badRequest } from '../shared/additional';
import type { CommandAction } from '../servers/command-action';

/** The name of a group in an action's body. Nova's words (26.1, `SecurityGroupActionController._parse`). */
function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badRequest('Missing parameter dict');
  const name: unknown = 'name' in value ? value.name : undefined;
  if (name === undefined) throw badRequest('Security group not specified');
  if (typeof name === 'number') return String(name); // the stock client names a group by its number
  if (typeof name !== 'string' || name.trim() === '') throw badRequest('Security group name cannot be empty');
  return name.slice(0, 255);
}

const groupAction =
  (verb: 'add' | 'remove') =>
  (value: unknown): CommandAction => ({
    kind: 'command',
    name: `${verb}-security-group`,
    rule: `os_compute_api:os-security-groups:${verb}`,
    prepare: () => {
      const name = nameOf(value);
      return Promise.resolve(async ({ id, scope, commands, context, reader, request, groups }) => {
        const { projectId } = await reader.one(id, request);
        const group = await groups.groupNamed(projectId, name);
        if (group === undefined) {
          const message = `Security group ${name} not found for project ${projectId}.`;
          throw new DomainError('not-found', 'security-group.not-found', message);
        }
        const operation: OperationRequest = { name: `${verb}-security-group`, input: { group } };
        await commands.execute(new OperateServer(id, scope, [operation], context));
        return undefined;
      });
    },
  });

export const addSecurityGroup = groupAction('add');
export const removeSecurityGroup = groupAction('remove');
