import type { Message } from '../../kernel/aggregate';
import { type Instant, later } from '../../kernel/time';
import type { SnapshotPart } from '../snapshot/image';
import type { InstanceFacts } from '../spec';
import type { Standing } from '../standing';
import type { Instance } from '../state';
import type { Power, VmState } from '../states';
import type { HostOperation, ImmediateOperation } from './definition';
import { createBackup, createImage } from './create-image';
import { confirmResize, revertResize } from './after-a-move';
import { setAccessAddresses } from './access-addresses';
import { crashDump } from './crash-dump';
import { deleteServer } from './delete';
import { describeServer } from './describe';
import { setDiskConfig } from './disk-config';
import { setHostname } from './hostname';
import { injectNetwork } from './inject-network';
import { changePassword } from './guest-password';
import { followOff, followPause, followUnpause, keepOff } from './follow-guest';
import { attachInterface, detachInterface } from './interfaces';
import { lock, unlock } from './lock';
import { changeMetadata, replaceMetadata } from './metadata';
import { migrate } from './migrate';
import { pause, unpause } from './pause';
import { clearPassword, postPassword } from './posted-password';
import { reboot } from './reboot';
import { rebuild } from './rebuild';
import { rescue, unrescue } from './rescue';
import { rename } from './rename';
import { resetState } from './reset-state';
import { resize } from './resize';
import { restore } from './restore';
import { shelve, shelveOffload, unshelve } from './shelve';
import { addSecurityGroup, removeSecurityGroup } from './security-groups';
import { softDelete, undelete } from './soft-delete';
import { start } from './start';
import { stop } from './stop';
import { resume, suspend } from './suspend';
import { addTag, clearTags, removeTag, replaceTags } from './tags';

/** Every operation on a server. A line here is all that registers one. */
const DEFINED = [
  start,
  stop,
  reboot,
  restore,
  deleteServer,
  rename,
  describeServer,
  replaceMetadata,
  changeMetadata,
  setAccessAddresses,
  setDiskConfig,
  pause,
  unpause,
  suspend,
  resume,
  lock,
  unlock,
  replaceTags,
  clearTags,
  addTag,
  removeTag,
  setHostname,
  resetState,
  createImage,
  createBackup,
  crashDump,
  injectNetwork,
  rescue,
  unrescue,
  rebuild,
  resize,
  migrate,
  confirmResize,
  revertResize,
  shelve,
  shelveOffload,
  unshelve,
  followOff,
  followPause,
  followUnpause,
  keepOff,
  softDelete,
  undelete,
  changePassword,
  postPassword,
  clearPassword,
  addSecurityGroup,
  removeSecurityGroup,
  attachInterface,
  detachInterface,
] as const;

type Defined = (typeof DEFINED)[number];
type DefinedHost = Extract<Defined, { kind: 'host' }>;
type DefinedImmediate = Extract<Defined, { kind: 'immediate' }>;

export type OperationName = Defined['name'];
export type HostOperationName = DefinedHost['name'];

type HostCommand = ReturnType<DefinedHost['ask']>;
type ImmediateCommand = ReturnType<DefinedImmediate['ask']>;
export type OperationCommand = HostCommand | ImmediateCommand;

export type BegunEvent = ReturnType<DefinedHost['begin']>;
export type EndedEvent = ReturnType<DefinedHost['end']>;
export type ImmediateEvent = ReturnType<DefinedImmediate['happen']>;

/** The input of an operation. */
export type InputOf<Name extends OperationName> = Parameters<Extract<Defined, { name: Name }>['ask']>[0];

/** A caller's request for an operation: its name and input. */
export type OperationRequest = {
  readonly [Name in OperationName]: { readonly name: Name; readonly input: InputOf<Name> };
}[OperationName];

type ErasedHost = HostOperation<HostOperationName, string, object, string, object, string>;
type ErasedImmediate = ImmediateOperation<OperationName, string, object, string, object>;

/** An operation with the type of its input erased, for code that handles all of them alike. */
export interface AnyHostOperation extends Omit<ErasedHost, 'ask' | 'accept' | 'begin' | 'end' | 'snapshot'> {
  readonly snapshot: SnapshotPart<object> | undefined;
  ask(asked: object, notAfter: Instant): HostCommand;
  accept(asked: object, instance: Instance): object | null;
  begin(input: object, operationId: string): BegunEvent;
  end(operationId: string, facts: InstanceFacts, now?: Standing): EndedEvent;
}

export interface AnyImmediateOperation extends Omit<ErasedImmediate, 'ask' | 'happen'> {
  ask(asked: object): ImmediateCommand;
  happen(data: object): ImmediateEvent;
}

export type AnyOperation = AnyHostOperation | AnyImmediateOperation;

export const OPERATIONS: readonly AnyOperation[] = DEFINED;

const BY_NAME = new Map<string, AnyOperation>(OPERATIONS.map((operation) => [operation.name, operation]));
const BY_COMMAND = new Map<string, AnyOperation>(OPERATIONS.map((operation) => [operation.command, operation]));

export function hostOperationNamed(name: string): AnyHostOperation {
  const operation = BY_NAME.get(name);
  if (operation?.kind !== 'host') throw new Error(`${name} is no operation of a host`);
  return operation;
}

export const operationNamed = (name: OperationName): AnyOperation => BY_NAME.get(name) ?? unknownOperation(name);

function unknownOperation(name: string): never {
  throw new Error(`there is no operation ${name}`);
}

/** The command that requests an operation now. */
export function commandOf({ name, input }: OperationRequest, now: Instant): OperationCommand {
  const operation = operationNamed(name);
  return operation.kind === 'host' ? operation.ask(input, later(now, operation.limitMs)) : operation.ask(input);
}

/** The operation that a command asks for. */
export function operationAskedBy({ type }: OperationCommand): AnyOperation {
  const operation = BY_COMMAND.get(type);
  if (operation === undefined) throw new Error(`${type} asks for no operation`);
  return operation;
}

export const isOperationCommand = (command: Message): command is OperationCommand => BY_COMMAND.has(command.type);

export const HOST_OPERATIONS: readonly AnyHostOperation[] = OPERATIONS.filter((one) => one.kind === 'host');
export const IMMEDIATE_OPERATIONS: readonly AnyImmediateOperation[] = OPERATIONS.filter(
  (one) => one.kind === 'immediate',
);

/** A server as far as the target of an operation depends on it. */
export type Before = Pick<Instance, 'vmState' | 'former'>;

/** The power of a guest whose server is in that state. A server that was resized has the power that it had before. */
export const powerIn = ({ vmState, former }: Before): Power =>
  vmState === 'resized' && former !== undefined ? powerOf(former.vmState) : powerOf(vmState);

function powerOf(vmState: VmState): Power {
  for (const { target } of HOST_OPERATIONS)
    if (typeof target !== 'string' && 'power' in target && target.vmState === vmState && target.power !== 'unchanged')
      return target.power;
  return 'running';
}

/** Where an operation leads from a state. */
export function targetOf(
  { target }: AnyHostOperation,
  before: Before,
): { readonly vmState: VmState; readonly power: Power } {
  const power = powerIn(before);
  if (target === 'healed' && before.vmState === 'error') return { vmState: 'active', power: 'running' };
  if (typeof target === 'string') return { vmState: before.vmState, power };
  if (target.vmState === 'former') {
    const { vmState } = before.former ?? before;
    return { vmState, power: powerOf(vmState) };
  }
  return { vmState: target.vmState, power: target.power === 'unchanged' ? power : target.power };
}
