import { Server, type ServerInterceptor, type ServiceDefinition } from '@grpc/grpc-js';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { OperationsService } from '@eventstore/db-client/generated/operations_grpc_pb';
import { PersistentSubscriptionsService } from '@eventstore/db-client/generated/persistent_grpc_pb';
import { ProjectionsService } from '@eventstore/db-client/generated/projections_grpc_pb';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import { UsersService } from '@eventstore/db-client/generated/users_grpc_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import { faultInjector } from '../faults/fault-interceptor';
import type { FaultPlan } from '../faults/fault-plan';
import type { EventLog } from '../log/event-log';
import type { GaugeSources } from '../metrics/gauges';
import type { Security } from '../security/security';
import { usersHandlers } from '../security/users-service';
import { ActiveSubscriptions } from '../subscriptions/active-subscriptions';
import { ActiveCalls } from './active-calls';
import { appendHandler } from './append';
import { batchAppendHandler } from './batch-append';
import { decodeBatchRequest } from './batch-request';
import type { WireContext } from './context';
import { PartialMessages } from './partial-messages';
import { Listeners } from './listeners';
import { MemoryBudget } from './memory-budget';
import { gossipHandler, type Advertised, type AdvertisedMember } from './gossip';
import { startScavengeHandler } from './operations';
import { readHandler } from './read';
import { deleteHandler, tombstoneHandler } from './remove';
import { supportedMethodsHandler } from './server-features';
import type { MakeCheckpoints } from '../subscriptions/checkpoints';
import { unimplemented } from './unimplemented';

/** Of a message that a client sends, as upstream. */
const MAX_RECEIVED_BYTES = 16 * 1024 * 1024 - 10_000;
/** An event as large as that has its properties beside it. */
const MAX_SENT_BYTES = 17 * 1024 * 1024;
/** Of appends that are not answered yet, of all clients together. */
const UNANSWERED_BYTES = 128 * 1024 * 1024;
/** Calls of one connection at a time. */
const MAX_CALLS = 2_000;
/** Connections of one address at a time. */
const MAX_CONNECTIONS = 1_000;
/** A connection that does not answer a ping is closed: its client is gone, or never spoke HTTP/2. */
const PING_MS = 15_000;
/** How long a graceful stop waits for clients to take their last answers. */
const STOP_MS = 2_000;

export interface WireServerOptions {
  readonly log: EventLog;
  readonly security: Security;
  /** Addresses to listen on, at least one. Without TLS and users every caller is an administrator: loopback only. */
  readonly hosts: readonly string[];
  /** The same on every address; 0 lets the system choose. */
  readonly port: number;
  /** Bytes that one append may carry. */
  readonly maxAppendSize: number;
  /** Bytes that appends which are not answered yet may take together. */
  readonly unansweredBytes?: number;
  /** Told of each append that is turned away before it reaches the log. */
  readonly onRefused?: (() => void) | undefined;
  /** Faults to inject, for tests of clients. */
  readonly faults?: FaultPlan | undefined;
  /** The node of a cluster that it plays, for tests of clients; otherwise it leads a cluster of one. */
  readonly plays?: Part | undefined;
}

/** What a server needs to play a node of a cluster. */
export interface Part {
  readonly interceptor: ServerInterceptor;
  readonly members: () => readonly AdvertisedMember[];
  /** Calls of one connection at a time. */
  readonly mostCalls: number;
  readonly checkpoints: MakeCheckpoints;
}

/** Without users and TLS, everyone who reaches the port may do everything: so only this machine may reach it. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** @throws Error for an address that others could reach without having to say who they are */
export function refuseOpenAddresses(hosts: readonly string[], isSecure: boolean): void {
  const open = isSecure ? undefined : hosts.find((host) => !isLoopback(host));
  if (open === undefined) return;
  throw new Error(
    `refusing to listen on ${open}: without TLS and users the event store binds to loopback only ` +
      '(give --tls-cert, --tls-key and --admin-password-file)',
  );
}

/** EventStoreDB's gRPC protocol in front of a log. */
export class WireServer {
  private readonly server: Server;
  private readonly listeners: Listeners;
  private readonly calls = new ActiveCalls();
  private boundPort = 0;
  /** Its metrics. */
  readonly gauges: GaugeSources;

  constructor(private readonly options: WireServerOptions) {
    const { log, security, hosts, maxAppendSize, faults, plays } = options;
    const advertised = (): Advertised => ({ host: hosts[0] ?? '', port: this.boundPort });
    refuseOpenAddresses(hosts, security.isSecure);
    const halves = new PartialMessages();
    const faulty = faults === undefined ? [] : [faultInjector(faults, advertised)];
    const played = plays === undefined ? [] : [plays.interceptor];
    const alone = (): readonly AdvertisedMember[] => [{ ...advertised(), role: 'leader', alive: true }];
    this.server = new Server({
      'grpc.max_receive_message_length': MAX_RECEIVED_BYTES,
      'grpc.max_send_message_length': MAX_SENT_BYTES,
      'grpc.max_concurrent_streams': plays?.mostCalls ?? MAX_CALLS,
      'grpc.keepalive_time_ms': PING_MS,
      'grpc.keepalive_timeout_ms': PING_MS,
      interceptors: [halves.interceptor, ...security.interceptors, ...faulty, ...played],
    });
    const injector = this.server.createConnectionInjector(security.credentials);
    this.listeners = new Listeners((connection) => {
      injector.injectConnection(connection);
    }, MAX_CONNECTIONS);
    const { callers, users } = security;
    const budget = new MemoryBudget(options.unansweredBytes ?? UNANSWERED_BYTES);
    const subscriptions = new ActiveSubscriptions();
    this.gauges = { log, budget, halves, subscriptions, listeners: this.listeners };
    const onRefused = options.onRefused ?? (() => undefined);
    const held = { budget, subscriptions, checkpoints: plays?.checkpoints };
    const context: WireContext = { log, calls: this.calls, gate: callers, ...held, maxAppendSize, onRefused };
    this.server.addService(rawResponses(), {
      append: appendHandler(context),
      batchAppend: batchAppendHandler(context),
      delete: deleteHandler(context),
      tombstone: tombstoneHandler(context),
      read: readHandler(context),
    });
    this.server.addService(ServerFeaturesService, { getSupportedMethods: supportedMethodsHandler() });
    this.server.addService(GossipService, {
      read: gossipHandler(plays?.members ?? alone),
    });
    this.server.addService(UsersService, usersHandlers({ users, callers }));
    const operations = 'the embedded event store knows one operation, StartScavenge';
    this.server.addService(OperationsService, {
      ...unimplemented(OperationsService, operations),
      startScavenge: startScavengeHandler(context),
    });
    const persistent = 'the embedded event store has no persistent subscriptions; use a catch-up subscription';
    this.server.addService(PersistentSubscriptionsService, unimplemented(PersistentSubscriptionsService, persistent));
    const projections = 'the embedded event store runs no projections; use a catch-up subscription';
    this.server.addService(ProjectionsService, unimplemented(ProjectionsService, projections));
  }

  /** Starts to serve; resolves to the port. */
  async listen(): Promise<number> {
    this.boundPort = this.options.port;
    for (const host of this.options.hosts) this.boundPort = await this.listeners.listen(host, this.boundPort);
    return this.boundPort;
  }

  /** Ends as a crash does: everything at once, and no word to anybody. */
  kill(): void {
    this.listeners.close();
    this.server.forceShutdown();
  }

  /**
   * Stops gracefully: calls end with UNAVAILABLE, on which clients look for a server again; then the connections are
   * closed.
   */
  async stop(): Promise<void> {
    this.listeners.close();
    const closed = new Promise<void>((resolve) => {
      this.server.tryShutdown(() => {
        resolve();
      });
    });
    this.calls.endAll();
    const patience = setTimeout(() => {
      this.server.forceShutdown();
    }, STOP_MS);
    await closed;
    clearTimeout(patience);
  }
}

/** The streams service, with the messages of its hot methods decoded and encoded by hand. */
function rawResponses(): ServiceDefinition {
  const encoded = (message: Buffer): Buffer => message;
  return {
    ...StreamsService,
    read: { ...StreamsService.read, responseSerialize: encoded },
    batchAppend: {
      ...StreamsService.batchAppend,
      requestDeserialize: decodeBatchRequest,
      responseSerialize: encoded,
    },
  };
}
