/**
 * A secret as the log holds it: encrypted under a data key of its owner, bound to its stream and field. The domain only
 * carries it; the keyring opens it. Once the key is destroyed nobody can open it.
 */
export interface Sealed {
  readonly keyId: string;
  readonly ciphertext: string;
}
