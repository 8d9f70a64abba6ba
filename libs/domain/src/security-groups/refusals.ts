import { DomainError } from '../kernel/errors';

/** In nova's words (Newton, `nova/compute/api.py`), which answers 400 to most of them. */
const refusal = (kind: 'invalid' | 'not-found' | 'quota', code: string, message: string): DomainError =>
  new DomainError(kind, `security-group.${code}`, message);

export const groupNotFound = (id: string): DomainError =>
  refusal('not-found', 'not-found', `Security group ${id} not found.`);

export const nameTaken = (name: string, projectId: string): DomainError =>
  refusal('invalid', 'exists', `Security group ${name} already exists for project ${projectId}.`);

export const tooManyGroups = (): DomainError => refusal('quota', 'quota', 'Quota exceeded, too many security groups.');

export const tooManyRules = (): DomainError =>
  refusal('quota', 'rules-quota', 'Quota exceeded, too many security group rules.');

export const isSystem = (name: string, verb: 'update' | 'delete'): DomainError =>
  refusal('invalid', 'is-system', `Unable to ${verb} system group '${name}'`);

export const groupInUse = (): DomainError => refusal('invalid', 'in-use', 'Security group is still in use');

export const ruleExists = (number: number): DomainError =>
  refusal('invalid', 'rule-exists', `This rule already exists in group ${String(number)}`);

export const ruleNotFound = (id: string): DomainError =>
  refusal('not-found', 'rule-not-found', `Rule (${id}) not found`);
