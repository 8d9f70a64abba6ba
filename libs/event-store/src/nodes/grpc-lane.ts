import { GossipClient } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import { Channel, type ChannelOptions } from '@grpc/grpc-js';
import type { Connection } from './connection';
import type { Lane } from './lanes';

/** Bytes that a node may send before this process has taken in what came before; HTTP/2 begins with 64 KiB. */
const WINDOW_BYTES = 256 * 1024;

/** One HTTP/2 connection to a node. */
export interface GrpcLane extends Lane {
  readonly channel: Channel;
  readonly streams: StreamsClient;
  readonly gossip: GossipClient;
}

/** Opens a connection of its own to that address: grpc-js would share one among all channels to it. */
export function openLane(address: string, { security, keepAlive }: Connection): GrpcLane {
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
    close: () => {
      channel.close();
    },
  };
}
