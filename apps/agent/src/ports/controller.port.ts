/** A blob on its way: its bytes once, in order. */
export interface Blob {
  /** What the sender says about its size, where it does. */
  readonly sizeBytes: number | null;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The hosts' HTTP API of the controller, under this host's credential (host-protocol, transport.ts). */
export interface Controller {
  /**
   * @returns null when the image has no blob, or none that this host may have.
   * @throws Retryable when the controller cannot be reached or breaks off.
   */
  fetchImage(imageId: string): Promise<Blob | null>;
  /** Answers a query; nobody waiting for it any more is no error. @throws Retryable as above. */
  reply(requestId: string, text: string): Promise<void>;
}
