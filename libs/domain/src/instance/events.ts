import type { MessagesOf } from '../kernel/messages';
import type { InterfaceEvents } from './interfaces/interfaces';
import type { LaunchEvents } from './launch/messages';
import type { OperationEvent } from './operations/steps';
import type { PlacementEvents } from './placement/messages';
import type { ReturnEvents } from './returns';
import type { SettlingEvents } from './settling';

/** The events outside the table of operations. */
export interface InternalEvents extends LaunchEvents, SettlingEvents, PlacementEvents, InterfaceEvents, ReturnEvents {}

export type InstanceEvent = OperationEvent | MessagesOf<InternalEvents>;
