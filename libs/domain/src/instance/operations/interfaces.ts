import { DomainError } from '../../kernel/errors';
import { attached } from '../attachments';
import { newPortId, withInterface, withoutInterface } from '../interfaces/changes';
import type { NetworkChoice } from '../launch/request';
import type { Instance } from '../state';
import { irregularHostOperation } from './definition';

/** As nova allows it. nova shows no task meanwhile, and has what comes next wait on the host; Cairn refuses it. */
const COMMON = {
  allowed: { vmStates: ['active', 'paused', 'stopped'] },
  task: 'networking',
  target: 'unchanged',
  job: { kind: 'change-nics' },
  failure: 'unchanged',
} as const;

/** Gives the server an interface in a network. Its port has the id that derives from the operation's (`newPortId`). */
export const attachInterface = irregularHostOperation(
  {
    command: 'AttachInterface',
    requested: 'instance.interface-requested.v1',
    accept: (asked: NetworkChoice & { readonly notAfter: string }) => asked,
  },
  {
    ...COMMON,
    name: 'attachInterface',
    past: 'interface-attached',
    title: 'attach_interface',
    listedAs: 'attach_interface',
    meaning: 'The guest has the interface that was asked for.',
    requestMeaning: 'Somebody asked for an interface in a network, as one more of the server.',
    begins: (instance, choice: NetworkChoice, operationId) => withInterface(instance, newPortId(operationId), choice),
    ends: (instance) => ({ ...instance, interfaces: attached(instance.interfaces) }),
    reverts: (instance, _choice, operationId) => withoutInterface(instance, newPortId(operationId)),
  },
);

interface Detached {
  /** Of the interface. */
  readonly portId: string;
}

/** Takes an interface from the server. A guest that does not let its NIC go keeps one that leads nowhere until it is off. */
export const detachInterface = irregularHostOperation(
  {
    command: 'DetachInterface',
    requested: 'instance.interface-detach-requested.v1',
    accept(asked: Detached & { readonly notAfter: string }, { interfaces, request }: Instance) {
      const { portId } = asked;
      if (interfaces.some(({ id, held }) => id === portId && held !== undefined)) return asked;
      const message = `Instance ${request?.instanceId ?? ''} does not have a port with id ${portId}`;
      throw new DomainError('not-found', 'instance.no-such-port', message);
    },
  },
  {
    ...COMMON,
    name: 'detachInterface',
    past: 'interface-detached',
    title: 'detach_interface',
    listedAs: 'detach_interface',
    meaning: 'The guest does not have the interface any more; its address goes back to the network.',
    requestMeaning: 'Somebody asked to take an interface from the server.',
    disturbs: () => true,
    ends: (instance, { portId }: Detached) => withoutInterface(instance, portId),
  },
);
