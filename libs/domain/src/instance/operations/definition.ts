import type { Context } from '../../kernel/aggregate';
import type { Instant } from '../../kernel/time';
import type { InstanceJobs } from '../jobs';
import type { InstanceFacts } from '../spec';
import type { Instance } from '../state';
import type { Power, TaskState, VmState } from '../states';

/**
 * The language in which operations on a server are defined. A definition holds all that is particular to one operation;
 * everything else reads the table of definitions (`./index.ts`): decider, folds, owed jobs, task states, read model,
 * instance actions, façades and tests. The types of commands and events follow from the definition.
 *
 * There are two kinds. A *host operation* begins with `instance.<name>-requested.v1`, owes its host a job, and ends with
 * `instance.<past>.v1` or `instance.operation-failed.v1`. An *immediate* one is decided and done with one event.
 */

/** From where a server takes an operation; elsewhere it is refused with 409 (compute.md, section 2). */
export interface Allowed {
  readonly vmStates: readonly VmState[] | 'any';
  /** Tasks that may be under way; the operation replaces them. None, unless said otherwise. */
  readonly tasks?: readonly TaskState[] | 'any';
}

/** What an operation without parameters takes. */
export type Nothing = object;

/** The same for all variants of an operation, or a function of the input. */
type PerVariant<Asked, T> = T | ((asked: Asked) => T);

/** From this moment on the operation has failed, if its host has not answered. */
interface Ends {
  readonly notAfter: Instant;
}

/**
 * What the event of a request says besides the operation's own input: the version of the process by which it runs (`due`
 * branches on it, so that old operations end as they began), its id, and its end.
 */
interface Begun extends Ends {
  readonly process: 1;
  readonly operationId: string;
}

interface Outcome {
  readonly operationId: string;
  readonly facts: InstanceFacts;
}

interface Typed<Type extends string, Data> {
  readonly type: Type;
  readonly data: Data;
}

type CommandName<Name extends string> = `${Capitalize<Name>}Instance`;
type RequestName<Name extends string> = `instance.${Name}-requested.v1`;
type EventName<Past extends string> = `instance.${Past}.v1`;

const commandName = <Name extends string>(name: Name): CommandName<Name> =>
  `${name.charAt(0).toUpperCase()}${name.slice(1)}Instance` as CommandName<Name>;
const requestName = <Name extends string>(name: Name): RequestName<Name> => `instance.${name}-requested.v1`;
const eventName = <Past extends string>(past: Past): EventName<Past> => `instance.${past}.v1`;

/** The job that an operation gives to its host. Its payload always holds the whole desired state of the server, too. */
interface OperationJob {
  readonly kind: keyof InstanceJobs;
  readonly payload?: object;
}

interface CommonDefinition<Name extends string, Past extends string, Asked> {
  readonly name: Name;
  /** The name in the past tense, as its last event says it. */
  readonly past: Past;
  /** What its last event says, in a sentence for `docs/events.md`. */
  readonly meaning: string;
  /** As refusals name it, where that is not its name. */
  readonly title?: string;
  readonly allowed: PerVariant<Asked, Allowed>;
  /** False for what nova does not list as an instance action. True unless said otherwise. */
  readonly isListed?: boolean;
  /** True for what tenants may do with a locked server, too. */
  readonly ignoresLock?: boolean;
}

interface HostDefinition<
  Name extends string,
  Past extends string,
  Input extends object,
  Asked extends object = Input,
> extends CommonDefinition<Name, Past, Asked> {
  /** What the event of the request says; that somebody asked for it, unless said otherwise. */
  readonly requestMeaning?: string;
  /** What clients see while it is under way. */
  readonly task: PerVariant<Input, TaskState>;
  /** Where it ends: the state that clients see, and the power that the host must bring about. */
  readonly target: { readonly vmState: VmState; readonly power: Power } | 'unchanged';
  /** `ensure-instance` unless said otherwise. */
  readonly job?: PerVariant<Input, OperationJob>;
  /** A failure puts the server into ERROR, unless it leaves it as it was. */
  readonly failure?: 'error' | 'unchanged';
  /** How long its host may take, in milliseconds. */
  readonly limitMs?: number;
}

/** A soft stop gives the guest a minute to end. */
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
  /** By whom it is asked for. What a host reports is never refused, but ignored where it is not allowed. */
  readonly origin: 'tenant' | 'host';
  readonly isListed: boolean;
  readonly ignoresLock: boolean;
  readonly target: { readonly vmState: VmState; readonly power: Power } | 'unchanged';
  readonly failure: 'error' | 'unchanged';
  readonly limitMs: number;
  allowed(asked: Asked): Allowed;
  task(input: Input): TaskState;
  job(input: Input): OperationJob;
  /** The command that asks for it. */
  ask(asked: Asked, notAfter: Instant): Typed<Command, Asked & Ends>;
  /** The recorded input; null where the command does not concern the server. */
  accept(asked: Asked & Ends, instance: Instance): (Input & Ends) | null;
  begin(input: Input & Ends, operationId: string): Typed<Requested, Input & Begun>;
  end(operationId: string, facts: InstanceFacts): Typed<Done, Outcome>;
}

interface Irregular<Command extends string, Asked extends object, Requested extends string, Input extends object> {
  readonly command: Command;
  readonly requested: Requested;
  readonly origin: 'tenant' | 'host';
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
      origin: 'tenant',
      accept: (asked: Input & Ends) => asked,
    },
    definition,
  );

/** Defines one whose command and first event have names of their own, or that records something else than is asked. */
export function irregularHostOperation<
  const Name extends string,
  const Command extends string,
  Asked extends object,
  const Requested extends string,
  Input extends object,
  const Past extends string,
>(
  { command, requested, origin, accept }: Irregular<Command, Asked, Requested, Input>,
  definition: HostDefinition<Name, Past, Input, Asked>,
): HostOperation<Name, Command, Asked, Requested, Input, EventName<Past>> {
  const { name, past, meaning, allowed, task, target, job = { kind: 'ensure-instance' } } = definition;
  const done = eventName(past);
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
    ignoresLock: definition.ignoresLock ?? false,
    target,
    failure: definition.failure ?? 'error',
    limitMs: definition.limitMs ?? OPERATION_LIMIT_MS,
    allowed: (asked) => (typeof allowed === 'function' ? allowed(asked) : allowed),
    task: (input) => (typeof task === 'function' ? task(input) : task),
    job: (input) => (typeof job === 'function' ? job(input) : job),
    ask: (asked, notAfter) => ({ type: command, data: { ...asked, notAfter } }),
    accept,
    begin: (input, operationId) => ({ type: requested, data: { ...input, process: 1, operationId } }),
    end: (operationId, facts) => ({ type: done, data: { operationId, facts } }),
  };
}

interface ImmediateDefinition<
  Name extends string,
  Past extends string,
  Asked extends object,
  Data extends object,
> extends CommonDefinition<Name, Past, Asked> {
  /** What the event says; null when nothing would change. @throws DomainError for a refusal besides those by state. */
  decide(asked: Asked, instance: Instance, context: Context): Data | null;
  evolve(instance: Instance, data: Data): Instance;
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
  readonly ignoresLock: boolean;
  allowed(asked: Asked): Allowed;
  ask(asked: Asked): Typed<Command, Asked>;
  decide(asked: Asked, instance: Instance, context: Context): Data | null;
  happen(data: Data): Typed<Done, Data>;
  evolve(instance: Instance, data: Data): Instance;
}

/** Defines an operation that no host has a part in. */
export const immediateOperation = <
  const Name extends string,
  const Past extends string,
  Asked extends object,
  Data extends object,
>(
  definition: ImmediateDefinition<Name, Past, Asked, Data>,
): ImmediateOperation<Name, CommandName<Name>, Asked, EventName<Past>, Data> =>
  irregularImmediateOperation(commandName(definition.name), definition);

/** Defines one whose command has a name of its own. */
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
    ignoresLock: definition.ignoresLock ?? false,
    allowed: (asked) => (typeof allowed === 'function' ? allowed(asked) : allowed),
    ask: (asked) => ({ type: command, data: asked }),
    decide: (asked, instance, context) => definition.decide(asked, instance, context),
    happen: (data) => ({ type: done, data }),
    evolve: (instance, data) => definition.evolve(instance, data),
  };
}
