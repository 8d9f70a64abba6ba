/** The hosts' HTTP API of the controller, under this host's credential (host-protocol, transport.ts). */
export interface Controller {
  /**
   * @returns the blob's bytes, once and in order; null when the image has no blob, or none that this host may have.
   * @throws Retryable when the controller cannot be reached, or breaks off while the bytes come.
   */
  fetchImage(imageId: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** Answers a query; nobody waiting for it any more is no error. @throws Retryable as above. */
  reply(requestId: string, text: string): Promise<void>;
}
