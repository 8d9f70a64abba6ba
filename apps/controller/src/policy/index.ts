export type { Attributes } from './check';
export { BUILT_IN_RULES } from './defaults';
export { Enforcer, type Subject } from './enforcer';
export { PolicySyntaxError } from './parse';
export { PolicyFile } from './policy-file';
export { allow, anyRole, isAdmin, PolicyRefusal, type Rule } from './roles';
export { RuleSet } from './rule-set';
