import type { MessagesOf } from '../kernel/messages';
import type { MembershipCommands } from './groups/membership';
import type { FloatingCommands } from './interfaces/floating';
import type { InterfaceCommands } from './interfaces/interfaces';
import type { PlacesCommands } from './interfaces/places';
import type { LaunchCommands } from './launch/messages';
import type { OperationCommand } from './operations';
import type { OutcomeCommands } from './operations/decide';
import type { ConfirmCommands } from './move/confirm';
import type { OffloadCommands } from './offload';
import type { PlacementCommands } from './placement/messages';
import type { LeftoverCommands } from './leftover';
import type { MoveCommands } from './move/messages';
import type { ReclaimCommands } from './reclaim';
import type { RescueEndCommands } from './rescue-end';
import type { ReturnCommands } from './returns';
import type { SettlingCommands } from './settling';
import type { SnapshotCommands } from './snapshot/snapshot';

/** The commands outside the table of operations. */
export interface InternalCommands
  extends
    LaunchCommands,
    SettlingCommands,
    PlacementCommands,
    SnapshotCommands,
    InterfaceCommands,
    FloatingCommands,
    MoveCommands,
    OutcomeCommands,
    ConfirmCommands,
    OffloadCommands,
    ReturnCommands,
    ReclaimCommands,
    RescueEndCommands,
    LeftoverCommands,
    MembershipCommands,
    PlacesCommands {}

export type InstanceCommand = OperationCommand | MessagesOf<InternalCommands>;
