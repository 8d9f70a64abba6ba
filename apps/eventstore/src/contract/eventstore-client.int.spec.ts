import * as eventstore from '@eventstore/db-client';
import { ClientPeer } from './client-peer';
import { eventStoreServerContract } from './server.contract';

eventStoreServerContract('@eventstore/db-client', (url) => new ClientPeer(eventstore, url));
