import type { Context } from '../../kernel/aggregate';
import type { Instant } from '../../kernel/time';
import type { SnapshotPart } from '../snapshot/image';
import type { InstanceFacts } from '../spec';
import type { Standing } from '../standing';
import type { Instance } from '../state';
import type { TaskState } from '../states';
import type { Allowed } from './allowed';
import {
  type CommandName,
  commandName,
  type EventName,
  eventName,
  type RequestName,
  requestName,
  type Typed,
} from './message-names';
import type { Leg, Moving, OperationJob, Success, Target, ToldTasks } from './moving';

/**
 * The language in which operations on a server are defined. A definition holds all that is particular to one operation;
 * everything else reads the table of definitions (`./index.ts`): decider, folds, owed jobs, task states, read model,
 * instance actions, façades and tests. The types of commands and events follow from the definition.
 *
 * There are two kinds. A *host operation* begins with `instance.<name>-requested.v1`, owes its host a job (one that moves
 * the server, several: `./moving.ts`), and ends with `instance.<past>.v1` or `instance.operation-failed.v1`. An *immediate*
 * one is decided and done with one event.
 */

/** The input of an operation without parameters. */
export type Nothing = object;

/** The same for all variants of an operation, or a function of the input. */
type PerVariant<Asked, T> = T | ((asked: Asked) => T);

/** The deadline: the operation fails if its host has not answered by then. */
interface Ends {
  readonly notAfter: Instant;
}

/** Besides the input. `due` branches on `process`, a version, so that old operations end as they began. */
interface Begun extends Ends {
  readonly process: 1 | 2;
  readonly operationId: string;
}

interface Outcome {
  readonly operationId: string;
  readonly facts: InstanceFacts;
  readonly now?: Standing; // after a move
}

interface CommonDefinition<Name extends string, Past extends string, Asked> {
  readonly name: Name;
  /** The past tense of the name, as in `instance.stopped.v1`. */
  readonly past: Past;
  /** The meaning of the last event: one sentence, shown in `docs/events`. */
  readonly meaning: string;
  /** As refusals name it. Default: `name`. */
  readonly title?: string;
  readonly allowed: PerVariant<Asked, Allowed>;
  /** Whether nova lists it as an instance action. Default: true. */
  readonly isListed?: boolean;
  /** What nova calls the instance action. Default: `name`. */
  readonly listedAs?: string;
  /** Whether tenants may ask for it while the server is locked. Default: false. */
  readonly ignoresLock?: boolean;
}

interface HostDefinition<Name extends string, Past extends string, Input extends object, Asked extends object = Input>
  extends CommonDefinition<Name, Past, Asked>, Moving<Input> {
  /** The meaning of the request's event. Default: somebody asked for the operation. */
  readonly requestMeaning?: string;
  /** The task state that clients see while it runs; null for none, and then any other operation may take its place. */
  readonly task: PerVariant<Input, TaskState | null>;
  /** The task states of the steps that its host tells of, from process 2 on. Default: `task` until the end. */
  readonly told?: PerVariant<Input, ToldTasks>;
  /** What the request changes of the desired state at once. Default: nothing. */
  begins?(instance: Instance, input: Input, operationId: string, at: Instant): Instance;
  /** What a failure takes back of that, once the host has undone what it did of it. Default: nothing. */
  reverts?(instance: Instance, input: Input, operationId: string): Instance;
  readonly target: Target;
  /** Default: `ensure-instance`. */
  readonly job?: PerVariant<Input, OperationJob>;
  /** Whether a way back that the server still has from an earlier move is given up when this begins. Default: it stays. */
  readonly closesWayBack?: boolean;
  /** What a failure leads to: ERROR (the default), or the state before. */
  readonly failure?: 'error' | 'unchanged';
  /** The version of what it owes, which new ones of its kind begin with. Default: 1. */
  readonly process?: 1 | 2;
  /** How long the host may take, in milliseconds. Default: 5 minutes. */
  readonly limitMs?: number;
  /** The image that its host makes of the root disk. The job, `snapshot-instance` by default, waits for its record. */
  readonly snapshot?: SnapshotPart<Input>;
}

/** Long enough for a soft stop, which gives the guest a minute to shut down. */
const OPERATION_LIMIT_MS = 5 * 60_000;

export interface HostOperation<
  Name extends string,
  Command extends string,
  Asked extends object,
  Requested extends string,
  Input extends object,
  Done extends string,
> {
  readonly kind: 'host';
  readonly name: Name;
  readonly title: string;
  readonly meaning: string;
  readonly requestMeaning: string;
  readonly command: Command;
  readonly requested: Requested;
  readonly done: Done;
  /** The one who requests it. In a state that is not allowed, a tenant's request is refused and a host's report ignored. */
  readonly origin: 'tenant' | 'host';
  readonly isListed: boolean;
  readonly listedAs: string;
  readonly ignoresLock: boolean;
  readonly closesWayBack: boolean;
  readonly target: Target;
  readonly goes: Moving<Input>['goes'];
  readonly leaves: Moving<Input>['leaves'];
  readonly failure: 'error' | 'unchanged';
  readonly limitMs: number;
  readonly snapshot: SnapshotPart<Input> | undefined;
  allowed(asked: Asked): Allowed;
  begins(instance: Instance, input: Input, operationId: string, at: Instant): Instance;
  reverts(instance: Instance, input: Input, operationId: string): Instance;
  disturbs(instance: Instance): boolean;
  ends(instance: Instance, input: Input, success: Success): Instance;
  task(input: Input): TaskState | null;
  job(input: Input): OperationJob;
  legs(input: Input): readonly Leg[];
  /** The command that asks for it. */
  ask(asked: Asked, notAfter: Instant): Typed<Command, Asked & Ends>;
  /** The input to record; null if the command does not concern the server. */
  accept(asked: Asked & Ends, instance: Instance): (Input & Ends) | null;
  begin(input: Input & Ends, operationId: string): Typed<Requested, Input & Begun>;
  end(operationId: string, facts: InstanceFacts, now?: Standing): Typed<Done, Outcome>;
}

interface Irregular<Command extends string, Asked extends object, Requested extends string, Input extends object> {
  readonly command: Command;
  readonly requested: Requested;
  /** Default: tenants. */
  readonly origin?: 'tenant' | 'host';
  readonly accept: (asked: Asked & Ends, instance: Instance) => (Input & Ends) | null;
}

/** Defines an operation that a host carries out, and that tenants ask for. */
export const hostOperation = <const Name extends string, const Past extends string, Input extends object = Nothing>(
  definition: HostDefinition<Name, Past, Input>,
): HostOperation<Name, CommandName<Name>, Input, RequestName<Name>, Input, EventName<Past>> =>
  irregularHostOperation(
    {
      command: commandName(definition.name),
      requested: requestName(definition.name),
      accept: (asked: Input & Ends) => asked,
    },
    definition,
  );

/**
 * Defines a host operation whose command or first event has an irregular name, or that records other data than its
 * command holds.
 */
export function irregularHostOperation<
  const Name extends string,
  const Command extends string,
  Asked extends object,
  const Requested extends string,
  Input extends object,
  const Past extends string,
>(
  { command, requested, origin = 'tenant', accept }: Irregular<Command, Asked, Requested, Input>,
  definition: HostDefinition<Name, Past, Input, Asked>,
): HostOperation<Name, Command, Asked, Requested, Input, EventName<Past>> {
  const { name, past, meaning, allowed, task, told = {}, target, snapshot, process = 1 } = definition;
  const { job = { kind: snapshot === undefined ? 'ensure-instance' : 'snapshot-instance' } } = definition;
  const done = eventName(past);
  const taskOf = (input: Input): TaskState | null => (typeof task === 'function' ? task(input) : task);
  const toldOf = (input: Input): ToldTasks => (typeof told === 'function' ? told(input) : told);
  return {
    kind: 'host',
    name,
    title: definition.title ?? name,
    meaning,
    requestMeaning: definition.requestMeaning ?? `Somebody asked to ${name} the server.`,
    command,
    requested,
    done,
    origin,
    isListed: definition.isListed ?? true,
    listedAs: definition.listedAs ?? name,
    ignoresLock: definition.ignoresLock ?? false,
    closesWayBack: definition.closesWayBack ?? false,
    target,
    goes: definition.goes,
    leaves: definition.leaves,
    failure: definition.failure ?? 'error',
    limitMs: definition.limitMs ?? OPERATION_LIMIT_MS,
    snapshot,
    begins: (instance, input, operationId, at) => definition.begins?.(instance, input, operationId, at) ?? instance,
    reverts: (instance, input, operationId) => definition.reverts?.(instance, input, operationId) ?? instance,
    disturbs: (instance) => definition.disturbs?.(instance) ?? definition.goes === 'back',
    ends: (instance, input, success) => definition.ends?.(instance, input, success) ?? instance,
    allowed: (asked) => (typeof allowed === 'function' ? allowed(asked) : allowed),
    task: taskOf,
    job: (input) => (typeof job === 'function' ? job(input) : job),
    legs: (input) => definition.legs ?? [{ on: 'here', task: taskOf(input), told: toldOf(input), power: 'end' }],
    ask: (asked, notAfter) => ({ type: command, data: { ...asked, notAfter } }),
    accept,
    begin: (input, operationId) => ({ type: requested, data: { ...input, process, operationId } }),
    end: (operationId, facts, now) => ({
      type: done,
      data: { operationId, facts, ...(now === undefined ? {} : { now }) },
    }),
  };
}

interface ImmediateDefinition<
  Name extends string,
  Past extends string,
  Asked extends object,
  Data extends object,
> extends CommonDefinition<Name, Past, Asked> {
  /**
   * The event's data; null if nothing would change.
   * @throws DomainError for a refusal other than by state.
   */
  decide(asked: Asked, instance: Instance, context: Context): Data | null;
  evolve(instance: Instance, data: Data, context: Context): Instance;
}

export interface ImmediateOperation<
  Name extends string,
  Command extends string,
  Asked extends object,
  Done extends string,
  Data extends object,
> {
  readonly kind: 'immediate';
  readonly name: Name;
  readonly title: string;
  readonly meaning: string;
  readonly command: Command;
  readonly done: Done;
  readonly isListed: boolean;
  readonly listedAs: string;
  readonly ignoresLock: boolean;
  allowed(asked: Asked): Allowed;
  ask(asked: Asked): Typed<Command, Asked>;
  decide(asked: Asked, instance: Instance, context: Context): Data | null;
  happen(data: Data): Typed<Done, Data>;
  evolve(instance: Instance, data: Data, context: Context): Instance;
}

/** Defines an operation that one event completes, without a host. */
export const immediateOperation = <
  const Name extends string,
  const Past extends string,
  Asked extends object,
  Data extends object,
>(
  definition: ImmediateDefinition<Name, Past, Asked, Data>,
): ImmediateOperation<Name, CommandName<Name>, Asked, EventName<Past>, Data> =>
  irregularImmediateOperation(commandName(definition.name), definition);

/** Defines an immediate operation whose command has an irregular name. */
export function irregularImmediateOperation<
  const Name extends string,
  const Command extends string,
  const Past extends string,
  Asked extends object,
  Data extends object,
>(
  command: Command,
  definition: ImmediateDefinition<Name, Past, Asked, Data>,
): ImmediateOperation<Name, Command, Asked, EventName<Past>, Data> {
  const { name, past, meaning, allowed } = definition;
  const done = eventName(past);
  return {
    kind: 'immediate',
    name,
    title: definition.title ?? name,
    meaning,
    command,
    done,
    isListed: definition.isListed ?? true,
    listedAs: definition.listedAs ?? name,
    ignoresLock: definition.ignoresLock ?? false,
    allowed: (asked) => (typeof allowed === 'function' ? allowed(asked) : allowed),
    ask: (asked) => ({ type: command, data: asked }),
    decide: (asked, instance, context) => definition.decide(asked, instance, context),
    happen: (data) => ({ type: done, data }),
    evolve: (instance, data, context) => definition.evolve(instance, data, context),
  };
}
