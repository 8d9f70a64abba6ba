import { rule, shown } from '../../../http';

/** What Linux takes for the name of an interface, and hosts for a word of a rule: not longer than 15 characters. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,14}$/;

export const IsInterface = (): PropertyDecorator =>
  rule(
    'isInterface',
    (value) => typeof value === 'string' && NAME.test(value),
    (value) => `${shown(value)} is not the name of a network interface`,
  );
