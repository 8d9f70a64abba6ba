import { UUID } from '@eventstore/db-client/generated/shared_pb';
import { stringify } from 'uuid';

export function uuidOf(id: string): UUID {
  return new UUID().setString(id);
}

/** A server says an id as text or as two numbers of 64 bits. */
export function textOf(id: UUID | undefined): string {
  const halves = id?.getStructured();
  if (halves === undefined) return id?.getString() ?? '';
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64BE(BigInt(halves.getMostSignificantBits()), 0);
  bytes.writeBigInt64BE(BigInt(halves.getLeastSignificantBits()), 8);
  return stringify(bytes);
}
