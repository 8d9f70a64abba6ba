import { Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { PersistentSubscriptionsService } from '@eventstore/db-client/generated/persistent_grpc_pb';
import { ProjectionsService } from '@eventstore/db-client/generated/projections_grpc_pb';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import type { EventLog } from '../log/event-log';
import { OPEN_GATE, type Gate } from './access';
import { ActiveCalls } from './active-calls';
import { appendHandler } from './append';
import { batchAppendHandler } from './batch-append';
import type { WireContext } from './context';
import { gossipHandler } from './gossip';
import { readHandler } from './read';
import { deleteHandler, tombstoneHandler } from './remove';
import { supportedMethodsHandler } from './server-features';
import { unimplemented } from './unimplemented';

const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;
/** How long a graceful stop waits for clients to take their last answers. */
const STOP_MS = 2_000;

export interface WireServerOptions {
  readonly log: EventLog;
  /** A loopback address: without TLS and users every caller is an administrator. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Bytes that one append may carry. */
  readonly maxAppendSize: number;
  /** Who may do what; everyone may do everything unless told otherwise. */
  readonly gate?: Gate;
}

/** Without users and TLS, everyone who reaches the port may do everything: so only this machine may reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** EventStoreDB's gRPC protocol in front of a log. */
export class WireServer {
  private readonly server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_concurrent_streams': 10_000,
  });
  private readonly calls = new ActiveCalls();
  private boundPort = 0;

  constructor(private readonly options: WireServerOptions) {
    if (!isLoopback(options.host)) {
      throw new Error(
        `refusing to listen on ${options.host}: without TLS and users the event store binds to loopback only`,
      );
    }
    const { log, maxAppendSize, gate = OPEN_GATE } = options;
    const context: WireContext = { log, calls: this.calls, gate, maxAppendSize };
    this.server.addService(rawResponses(), {
      append: appendHandler(context),
      batchAppend: batchAppendHandler(context),
      delete: deleteHandler(context),
      tombstone: tombstoneHandler(context),
      read: readHandler(context),
    });
    this.server.addService(ServerFeaturesService, { getSupportedMethods: supportedMethodsHandler() });
    this.server.addService(GossipService, {
      read: gossipHandler(() => ({ host: options.host, port: this.boundPort })),
    });
    const persistent = 'the embedded event store has no persistent subscriptions; use a catch-up subscription';
    this.server.addService(PersistentSubscriptionsService, unimplemented(PersistentSubscriptionsService, persistent));
    const projections = 'the embedded event store runs no projections; use a catch-up subscription';
    this.server.addService(ProjectionsService, unimplemented(ProjectionsService, projections));
  }

  /** Starts to serve; resolves to the port. */
  async listen(): Promise<number> {
    const host = this.options.host.includes(':') ? `[${this.options.host}]` : this.options.host;
    this.boundPort = await new Promise<number>((resolve, reject) => {
      this.server.bindAsync(
        `${host}:${String(this.options.port)}`,
        ServerCredentials.createInsecure(),
        (error, port) => {
          if (error === null) resolve(port);
          else reject(error);
        },
      );
    });
    return this.boundPort;
  }

  /**
   * Stops gracefully: open appends fail with UNAVAILABLE, streams end with CANCELLED, which is what tells the client to
   * reconnect; then the connections are closed.
   */
  async stop(): Promise<void> {
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

/** The streams service, with the answers of its hot methods already encoded. */
function rawResponses(): ServiceDefinition {
  const encoded = (message: Buffer): Buffer => message;
  return {
    ...StreamsService,
    read: { ...StreamsService.read, responseSerialize: encoded },
    batchAppend: { ...StreamsService.batchAppend, responseSerialize: encoded },
  };
}
