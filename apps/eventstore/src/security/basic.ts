import { Metadata } from '@grpc/grpc-js';

/** A login as the protocol's stubs send it. */
export function basic(login: string, password: string): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`);
  return metadata;
}
