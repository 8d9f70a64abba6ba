import { type HostMessage, hostMessage, type SentMessage } from '@cairn/host-protocol';

/** A job as an agent reads it from its queue. @throws Error for one that no agent understands */
export function received(sent: SentMessage): HostMessage {
  const message = hostMessage(JSON.parse(JSON.stringify(sent)));
  if (message === undefined) throw new Error(`no agent understands the job ${sent.kind}`);
  return message;
}
