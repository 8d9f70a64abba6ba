import type { Duplex } from 'node:stream';

import type { DiskCopy } from './hypervisor.port';

/** `gone`: nobody wants the image any more. A refusal has a reason that the tenant may read. */
export type SentImage = 'kept' | 'gone' | { readonly refused: string };

/** What is on a configuration drive, by paths below its root. */
export type DriveFiles = ReadonlyMap<string, Uint8Array>;

/** The hosts' HTTP API of the controller, under this host's credential (host-protocol, transport.ts). */
export interface Controller {
  /**
   * @returns the blob's bytes, once and in order; null when the image has no blob, or none that this host may have.
   * @throws Retryable when the controller cannot be reached, or breaks off while the bytes come.
   */
  fetchImage(imageId: string): Promise<AsyncIterable<Uint8Array> | null>;
  /**
   * @returns what an instance's configuration drive is to hold now; null when no such instance is on this host, or it has
   * no such drive. @throws Retryable as above.
   */
  fetchDrive(instanceId: string): Promise<DriveFiles | null>;
  /** Says that the copy of a disk begins that becomes an image's bits. @returns false when nobody wants the image any more. */
  announceImage(instanceId: string, imageId: string): Promise<boolean>;
  /** Sends an image's bits, which the controller keeps or refuses. @throws Retryable as above. */
  sendImage(instanceId: string, imageId: string, copy: DiskCopy): Promise<SentImage>;
  /**
   * The password that a job of that generation is to set in the guest; null when nobody wants it set any more.
   * @throws Retryable as above.
   */
  fetchPassword(instanceId: string, generation: number): Promise<string | null>;
  /** Answers a query; nobody waiting for it any more is no error. @throws Retryable as above. */
  reply(requestId: string, text: string): Promise<void>;
  /**
   * Connects a guest's console with the client that asked for it, until one of the two ends. Resolves when they are connected.
   * @returns false when nobody waits for it any more. @throws Retryable as above.
   */
  joinConsole(requestId: string, console: Duplex): Promise<boolean>;
}
