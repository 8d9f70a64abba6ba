import type { Rules } from '../rule-set';
import { COMPUTE_RULES } from './compute';
import { IDENTITY_RULES } from './identity';
import { IMAGE_RULES } from './image';

/** The rules that apply unless a policy file replaces them. */
export const BUILT_IN_RULES: Rules = { ...COMPUTE_RULES, ...IDENTITY_RULES, ...IMAGE_RULES };
