import { GossipClient } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import { Channel, type ChannelOptions } from '@grpc/grpc-js';
import type { Connection } from './connection';

/**
 * Calls that one HTTP/2 connection carries at most. A node allows 100; one more waits on the client's side without a
 * word until another has ended.
 */
const MOST_CALLS = 80;

/** Bytes that a node may send before this process has taken in what came before; HTTP/2 begins with 64 KiB. */
const WINDOW_BYTES = 256 * 1024;

/** One connection to a node. */
export interface Lane {
  readonly channel: Channel;
  readonly streams: StreamsClient;
  readonly gossip: GossipClient;
  /** Calls that run on it. */
  calls: number;
}

/** Opens a connection of its own to that address: grpc-js would share one among all channels to it. */
export function openLane(address: string, { security, keepAlive }: Connection): Lane {
  const options: ChannelOptions = {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.keepalive_time_ms': keepAlive.every,
    'grpc.keepalive_timeout_ms': keepAlive.patience,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    'grpc.max_receive_message_length': 17 * 1024 * 1024,
    'grpc-node.flow_control_window': WINDOW_BYTES,
  };
  const channel = new Channel(address, security, options);
  const client = { channelOverride: channel };
  return {
    channel,
    streams: new StreamsClient(address, security, client),
    gossip: new GossipClient(address, security, client),
    calls: 0,
  };
}

/** The connections to one node that carry reads: as many as their number of calls takes, and no more. */
export class Lanes {
  private lanes: Lane[] = [];

  constructor(private readonly open: () => Lane) {}

  /** Connections and the calls on them, now. */
  get count(): { readonly connections: number; readonly calls: number } {
    return { connections: this.lanes.length, calls: this.lanes.reduce((sum, { calls }) => sum + calls, 0) };
  }

  /** A connection with room for a call; the call's end is told by {@link release}. */
  take(): Lane {
    let lane = this.lanes.find(({ calls }) => calls < MOST_CALLS);
    if (lane === undefined) {
      lane = this.open();
      this.lanes.push(lane);
    }
    lane.calls += 1;
    return lane;
  }

  release(lane: Lane): void {
    lane.calls -= 1;
    if (lane.calls > 0 || this.lanes.length === 1 || !this.lanes.includes(lane)) return;
    this.lanes = this.lanes.filter((other) => other !== lane);
    lane.channel.close();
  }

  close(): void {
    for (const { channel } of this.lanes) channel.close();
    this.lanes = [];
  }
}
