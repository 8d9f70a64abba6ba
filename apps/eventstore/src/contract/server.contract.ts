import {
  startEmbeddedEventStore,
  temporaryDirectory,
  type EmbeddedEventStore,
} from '../../../../test/support/embedded-eventstore';
import { appending } from './append.contract';
import { carrying } from './content.contract';
import { following, followingAll } from './follow.contract';
import type { Connect, Peer } from './peer';
import { reading, readingAll } from './read.contract';
import { describing, removing } from './remove.contract';
import { discovering, lacking } from './surroundings.contract';

/** Set by `npm run test:eventstore -- --url esdb://…`: a server of any make. Without it, an embedded one is started. */
const given = process.env['CAIRN_CONTRACT_URL'];

/**
 * Everything that is promised to one of the official clients. One client a process: their generated code shares one
 * global name for its messages.
 */
export function eventStoreServerContract(name: string, connect: Connect): void {
  describe(`${name} and ${given === undefined ? 'an embedded event store' : 'the event store at the address'}`, () => {
    let directory: Awaited<ReturnType<typeof temporaryDirectory>> | undefined;
    let server: EmbeddedEventStore | undefined;
    let url = given ?? '';
    let peer: Peer;
    const current = (): Peer => peer;

    beforeAll(async () => {
      if (given === undefined) {
        directory = await temporaryDirectory();
        server = await startEmbeddedEventStore({ directory: directory.path });
        ({ url } = server);
      }
      peer = connect(url);
    });
    afterAll(async () => {
      await peer.dispose();
      await server?.stop();
      await directory?.remove();
    });

    describe('append', () => {
      appending(current);
    });
    describe('read', () => {
      reading(current);
    });
    describe('$all', () => {
      readingAll(current);
    });
    describe('content', () => {
      carrying(current);
    });
    describe('metadata', () => {
      describing(current);
    });
    describe('delete and tombstone', () => {
      removing(current);
    });
    describe('subscriptions to a stream', () => {
      following(current);
    });
    describe('subscriptions to $all', () => {
      // Clients whose settings are equal share one connection.
      const own = (n: number): string =>
        `${url}${url.includes('?') ? '&' : '?'}keepAliveInterval=${String(10_001 + n)}`;
      followingAll(current, (n) => connect(own(n)));
    });
    describe('discovery', () => {
      discovering(() => url, connect);
    });
    if (given === undefined) {
      describe('what is not there', () => {
        lacking(current);
      });
    }
  });
}
