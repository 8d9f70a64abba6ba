import fc from 'fast-check';
import { commandOf } from '../../../instance';
import { TENANT_REQUESTS } from '../../operations';
import { asked, type Requests } from '../asked';
import { FAR } from '../records';

/** Every operation that a tenant can ask for, in each of its variants. */
function operations(): Requests<'instance'> {
  const commands = TENANT_REQUESTS.map((request) => commandOf(request, FAR));
  const variants = (type: string): readonly object[] =>
    commands.filter((one) => one.type === type).map(({ data }) => data);
  return Object.fromEntries(commands.map(({ type }) => [type, fc.constantFrom(...variants(type))]));
}

export const instance = asked({ category: 'instance', streams: [], requests: operations });
