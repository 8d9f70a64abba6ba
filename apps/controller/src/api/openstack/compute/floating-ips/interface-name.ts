import { isInterfaceName } from '@cairn/host-protocol';
import { rule, shown } from '../../../http';

export const IsInterface = (): PropertyDecorator =>
  rule(
    'isInterface',
    (value) => typeof value === 'string' && isInterfaceName(value),
    (value) => `${shown(value)} is not the name of a network interface`,
  );
