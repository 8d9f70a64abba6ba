import { later } from '../../kernel/time';
import type { Instance } from '../state';
import type { TaskState } from '../states';
import type { Moving, Search, Success, Target } from './moving';

/** What every move to another host is asked with. */
export interface Move {
  /** The number under which nova lists the migration. */
  readonly number: number;
  /** How long it waits for somebody to confirm it, in milliseconds; then that happens by itself. Absent: for ever. */
  readonly confirmAfterMs?: number;
  /** Who asked, for nova's list of migrations. Absent: unknown, as in logs of 0.1. */
  readonly askedBy?: { readonly userId: string; readonly projectId: string | null };
}

/** What such a definition holds. */
type HostPart<Input> = Moving<Input> & {
  readonly task: TaskState;
  readonly target: Target;
  readonly failure: 'unchanged';
  readonly closesWayBack: true;
  readonly process: 2;
  readonly limitMs: number;
};

/** Reading and writing the disks of a server takes as long as they take. */
const LIMIT_MS = 60 * 60_000;

/** What a resize and a cold migration have in common: the guest is off while its disks are copied. */
export const movedAcross = <Input extends Move>(
  purpose: 'resize' | 'migrate',
  search: Pick<Search<Input>, 'among' | 'becomes' | 'limits'>,
) =>
  ({
    task: 'resize_prep',
    goes: { purpose, disks: 'copied', ...search },
    legs: [
      { on: 'here', task: 'resize_migrating', power: 'stopped' },
      { on: 'there', task: 'resize_finish', owed: 'resize_migrated', told: { taken: 'resize_finish' }, power: 'end' },
    ],
    leaves: 'a way back',
    ends: (instance: Instance, { confirmAfterMs }: Input, { at }: Success): Instance =>
      confirmAfterMs === undefined ? instance : { ...instance, confirmAt: later(at, confirmAfterMs) },
    target: { vmState: 'resized', power: 'unchanged' },
    failure: 'unchanged',
    closesWayBack: true,
    process: 2,
    limitMs: LIMIT_MS,
  }) as const satisfies HostPart<Input>;
