import type { Message } from '../kernel/aggregate';

/** Published events are frozen; where a type got a newer version, its upcaster makes the newer of the older. */
type Upcaster = (data: Readonly<Record<string, unknown>>) => Message;

/** By the old type's full name. Empty: every type is still at its first version. */
const UPCASTERS: Readonly<Record<string, Upcaster>> = {};

/** The newest form of an event as it was stored. */
export function upcast(event: Message, upcasters = UPCASTERS): Message {
  const step = Object.hasOwn(upcasters, event.type) ? upcasters[event.type] : undefined;
  return step === undefined ? event : upcast(step(event.data as Readonly<Record<string, unknown>>), upcasters);
}
