import { own } from '../kernel/own';
import { type Aggregate, type Context, plainSnapshot } from '../kernel/aggregate';
import { DomainError, unreachable } from '../kernel/errors';
import type { Instant } from '../kernel/time';
import { keypairsEvents } from './catalogue';

/** The key pairs of one user, in one stream: names are unique in it and their number is limited. */
export interface KeyPair {
  readonly userId: string;
  readonly name: string;
  readonly keyType: 'ssh' | 'x509';
  readonly publicKey: string;
  /** As pairs of hex digits with colons (nova's form): MD5 of an SSH key, SHA-1 of a certificate. */
  readonly fingerprint: string;
}

export type KeyPairsCommand =
  | { readonly type: 'CreateKeyPair'; readonly data: KeyPair & { readonly limit: number } }
  | { readonly type: 'DeleteKeyPair'; readonly data: { readonly name: string } };

export type KeyPairsEvent =
  | { readonly type: 'keypair.created.v1'; readonly data: KeyPair }
  | { readonly type: 'keypair.deleted.v1'; readonly data: { readonly userId: string; readonly name: string } };

export interface KeyPairs {
  readonly byName: Readonly<Record<string, KeyPair & { readonly createdAt: Instant }>>;
}

const has = (state: KeyPairs, name: string): boolean => Object.hasOwn(state.byName, name);

function decide(command: KeyPairsCommand, state: KeyPairs): readonly KeyPairsEvent[] {
  switch (command.type) {
    case 'CreateKeyPair': {
      const { limit, ...keyPair } = command.data;
      if (has(state, keyPair.name)) {
        throw new DomainError('conflict', 'keypair.exists', `Key pair '${keyPair.name}' already exists.`);
      }
      if (limit >= 0 && Object.keys(state.byName).length >= limit) {
        throw new DomainError('quota', 'keypair.quota', 'Quota exceeded, too many key pairs.');
      }
      return [{ type: 'keypair.created.v1', data: keyPair }];
    }
    case 'DeleteKeyPair': {
      const found = own(state.byName, command.data.name);
      if (found === undefined) {
        throw new DomainError('not-found', 'keypair.not-found', `Keypair ${command.data.name} not found.`);
      }
      return [{ type: 'keypair.deleted.v1', data: { userId: found.userId, name: found.name } }];
    }
    default:
      return unreachable(command);
  }
}

function evolve(state: KeyPairs, event: KeyPairsEvent, { at }: Context): KeyPairs {
  switch (event.type) {
    case 'keypair.created.v1':
      return { byName: { ...state.byName, [event.data.name]: { ...event.data, createdAt: at } } };
    case 'keypair.deleted.v1': {
      const { [event.data.name]: _gone, ...byName } = state.byName;
      return { byName };
    }
    default:
      return unreachable(event);
  }
}

export const keypairs: Aggregate<KeyPairs, KeyPairsCommand, KeyPairsEvent> = {
  initial: { byName: {} },
  decide,
  evolve,
  category: 'keypairs',
  events: keypairsEvents,
  schemaVersion: 1,
  snapshot: plainSnapshot(),
};
