import type { MessagesOf } from '../kernel/messages';
import type { MembershipEvents } from './groups/membership';
import type { FloatingEvents } from './interfaces/floating';
import type { InterfaceEvents } from './interfaces/interfaces';
import type { PlacesEvents } from './interfaces/places';
import type { LaunchEvents } from './launch/messages';
import type { OperationEvent } from './operations/steps';
import type { PlacementEvents } from './placement/messages';
import type { LeftoverEvents } from './leftover';
import type { MoveEvents } from './move/messages';
import type { OffloadEvents } from './offload';
import type { ReturnEvents } from './returns';
import type { SettlingEvents } from './settling';
import type { SnapshotEvents } from './snapshot/snapshot';

/** The events outside the table of operations. */
export interface InternalEvents
  extends
    LaunchEvents,
    SettlingEvents,
    PlacementEvents,
    SnapshotEvents,
    InterfaceEvents,
    FloatingEvents,
    MoveEvents,
    OffloadEvents,
    ReturnEvents,
    LeftoverEvents,
    MembershipEvents,
    PlacesEvents {}

export type InstanceEvent = OperationEvent | MessagesOf<InternalEvents>;
