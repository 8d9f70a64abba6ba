export type { Attributes } from './check';
export { BUILT_IN_RULES } from './defaults';
export { Enforcer, type Subject } from './enforcer';
export { PolicySyntaxError } from './parse';
export { PolicyFile } from './policy-file';
export { PolicyRefusal } from './refusal';
export { Rights } from './rights';
export { RuleSet } from './rule-set';
