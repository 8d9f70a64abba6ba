import * as kurrent from '@kurrent/kurrentdb-client';
import { ClientPeer, type Library } from './client-peer';
import { eventStoreServerContract } from './server.contract';

/**
 * The client's successor has its methods with the same shapes; only what is `expectedRevision` of an append for the one
 * is `streamState` for the other. Classes with private members are never alike to the compiler.
 */
const library = { ...kurrent, EventStoreDBClient: kurrent.KurrentDBClient } as unknown as Library;

eventStoreServerContract(
  '@kurrent/kurrentdb-client',
  (url) => new ClientPeer(library, url.replace(/^esdb/, 'kurrentdb'), true),
);
