import type { Message } from '../kernel/aggregate';
import type { CommandEffect } from '../kernel/effect';
import type { Instant } from '../kernel/time';
import { instanceRef } from './quota';
import { requestOf } from './spec-of';
import type { Instance } from './state';

/** What a server owes itself from a moment on. A repeat of the command changes nothing, so it is its own outcome, too. */
export const commandToItself = (state: Instance, id: string, command: Message, notBefore: Instant): CommandEffect => ({
  kind: 'command',
  id,
  target: instanceRef(requestOf(state).instanceId),
  command,
  onDone: () => command,
  onRefused: () => command,
  notBefore,
});
