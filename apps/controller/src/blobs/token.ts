/** Injection token of the `BlobStore`. */
export const BLOBS = Symbol('BlobStore');
