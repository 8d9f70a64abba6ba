/** Bytes that a server may send before this process has taken in what came before. */
const WINDOW_BYTES = 256 * 1024;

interface Inside {
  createChannel: () => Promise<{ readonly internalChannel: { readonly options: Record<string, unknown> } }>;
}

/**
 * Lets the server send on while this process is busy with what it has. The client keeps HTTP/2's first window of 64 KiB,
 * some fifty events, and has no option for it; grpc-js has one, which is set here before the channel connects.
 */
export function withWideWindow<Client extends object>(client: Client): Client {
  const inside = client as unknown as Inside;
  const { createChannel } = inside;
  inside.createChannel = async () => {
    const channel = await createChannel();
    channel.internalChannel.options['grpc-node.flow_control_window'] = WINDOW_BYTES;
    return channel;
  };
  return client;
}
