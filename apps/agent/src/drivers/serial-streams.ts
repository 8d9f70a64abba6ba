import type { Duplex } from 'node:stream';

/** The open streams of guests' serial ports. A guest has one port: its last stream has it, and the one before ends. */
export class SerialStreams {
  private readonly open = new Map<string, Duplex>();

  take(instanceId: string, stream: Duplex): void {
    this.open.get(instanceId)?.destroy();
    this.open.set(instanceId, stream);
    stream.once('close', () => {
      if (this.open.get(instanceId) === stream) this.open.delete(instanceId);
    });
  }
}
