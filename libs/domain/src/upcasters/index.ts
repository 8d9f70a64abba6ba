import { own } from '../kernel/own';
import type { Message } from '../kernel/aggregate';
import { agent } from './agent';
import { host } from './host';
import { instance } from './instance';
import { network } from './network';
import { quota } from './quota';
import type { Upcasters } from './upcaster';

/** Published events never change. An upcaster turns an event of an older version into the next version. */
const UPCASTERS: Upcasters = { ...agent, ...host, ...instance, ...network, ...quota };

/** The newest form of an event as it was stored. */
export function upcast(event: Message, upcasters = UPCASTERS): Message {
  const next = own(upcasters, event.type);
  return next === undefined ? event : upcast(next(event.data), upcasters);
}
