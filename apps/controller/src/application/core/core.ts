import type { ValueProvider } from '@nestjs/common';
import type { EventStore } from '@cairn/event-store';
import type { ReadModel } from '@cairn/projections';
import type { Clock, CommandContext, Executor, HostQueue, Liveness } from '../../runtime/ports';
import type { BlobStore } from '../../blobs';
import type { ConsoleBroker } from '../../runtime/console-broker';
import type { ReplyBroker } from '../../runtime/replies';
import type { ControllerConfig } from '../../config';
import type { Keyring } from '../../keyring/keyring';
import type { Authenticator } from '../../identity/authenticator';
import type { Directory } from '../../identity/directory';
import type { Log } from '../../log';
import type { Enforcer } from '../../policy';
import type { Passwords } from '../../passwords/passwords';
import type { Random } from '../../random';

/** Records commands that policy refused; the executor records those that the domain refuses. */
export interface PolicyAudit {
  /** @param rule the rule's name, e.g. `identity:create_user`. Never delays or changes the answer. */
  refusedByPolicy(rule: string, context: CommandContext): void;
}

/** What one controller process has once, however many HTTP servers it runs. */
export interface Core {
  readonly config: ControllerConfig;
  readonly executor: Executor;
  readonly audit: PolicyAudit;
  readonly readModel: ReadModel;
  readonly keyring: Keyring;
  readonly authenticator: Authenticator;
  /** Who there is, for logins. */
  readonly directory: Directory;
  /** The data of images. */
  readonly blobs: Pick<BlobStore, 'put' | 'read'>;
  readonly passwords: Passwords;
  readonly policy: Enforcer;
  readonly clock: Clock;
  readonly random: Random;
  readonly hostQueue: HostQueue;
  readonly liveness: Liveness;
  /** Asks hosts: the compute service sends the questions, the hosts' service receives the answers. */
  readonly replies: ReplyBroker;
  /** Consoles of guests: the console service asks for them, the hosts' service receives them. */
  readonly consoles: Pick<ConsoleBroker, 'open' | 'waitingFor'>;
  /** For answers that show the history itself. */
  readonly eventStore: Pick<EventStore, 'read'>;
  readonly log: Log;
}

/** Injection tokens: `constructor(@Inject(EXECUTOR) private readonly executor: Executor)`. */
export const CONFIG = Symbol('ControllerConfig');
export const EXECUTOR = Symbol('Executor');
export const READ_MODEL = Symbol('ReadModel');
export const KEYRING = Symbol('Keyring');
export const AUTHENTICATOR = Symbol('Authenticator');
export const DIRECTORY = Symbol('Directory');
export const BLOBS = Symbol('BlobStore');
export const PASSWORDS = Symbol('Passwords');
export const POLICY = Symbol('Enforcer');
export const CLOCK = Symbol('Clock');
export const RANDOM = Symbol('Random');
export const HOST_QUEUE = Symbol('HostQueue');
export const LIVENESS = Symbol('Liveness');
export const REPLIES = Symbol('ReplyBroker');
export const EVENT_STORE = Symbol('EventStore');
export const CONSOLES = Symbol('ConsoleBroker');
export const LOG = Symbol('Log');

/** What a façade may use besides commands and queries. None of it writes. */
export const facadeProviders = (core: Core): readonly ValueProvider[] => [
  { provide: CONFIG, useValue: core.config },
  { provide: READ_MODEL, useValue: core.readModel },
  { provide: AUTHENTICATOR, useValue: core.authenticator },
  { provide: POLICY, useValue: core.policy },
  { provide: BLOBS, useValue: core.blobs },
  { provide: CLOCK, useValue: core.clock },
  { provide: RANDOM, useValue: core.random },
  { provide: REPLIES, useValue: core.replies },
  { provide: CONSOLES, useValue: core.consoles },
  { provide: LOG, useValue: core.log },
];

export const coreProviders = (core: Core): readonly ValueProvider[] => [
  ...facadeProviders(core),
  { provide: EXECUTOR, useValue: core.executor },
  { provide: KEYRING, useValue: core.keyring },
  { provide: DIRECTORY, useValue: core.directory },
  { provide: PASSWORDS, useValue: core.passwords },
  { provide: HOST_QUEUE, useValue: core.hostQueue },
  { provide: LIVENESS, useValue: core.liveness },
  { provide: EVENT_STORE, useValue: core.eventStore },
];
