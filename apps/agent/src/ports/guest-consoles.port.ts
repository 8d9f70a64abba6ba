import type { Duplex } from 'node:stream';

import type { ConsoleKind } from '@cairn/host-protocol';

/** The guest has no such console now. The message is for people. */
export class NoConsole extends Error {}

/** Consoles of guests that are in memory. */
export interface GuestConsoles {
  /**
   * Connects to a guest's screen (RFB) or to its serial port. The stream ends when the guest does. A guest has one serial
   * port: a new stream of it ends the one before. What the guest writes meanwhile is in its console log as well.
   * @throws NoConsole
   */
  open(instanceId: string, kind: ConsoleKind): Promise<Duplex>;
}
