/** The log names a blob that is not in the store: lost or not restored. An operator has to bring it back. */
export class BlobMissing extends Error {
  constructor(readonly sha256: string) {
    super(`blob ${sha256} is missing from the store`);
  }
}

/** More bytes came than one blob may have. Nothing of them was kept. */
export class BlobTooLarge extends Error {
  constructor(readonly maxBytes: number) {
    super(`a blob may have at most ${String(maxBytes)} bytes`);
  }
}

/** No room is left where blobs are kept. Nothing of the upload was kept. */
export class StoreFull extends Error {
  constructor(options: ErrorOptions) {
    super('there is not enough disk space for the blob', options);
  }
}

/** The sender went away or sent other than it had announced. Nothing of the upload was kept. */
export class UploadBroken extends Error {
  constructor(options: ErrorOptions) {
    super('the upload broke off', options);
  }
}

/** The range starts behind the end of the blob (HTTP 416). */
export class RangeNotSatisfiable extends Error {
  constructor(readonly sizeBytes: number) {
    super(`the range is outside of the blob's ${String(sizeBytes)} bytes`);
  }
}
