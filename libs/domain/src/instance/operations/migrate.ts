import { hostOperation } from './definition';
import { type Move, movedAcross } from './move-parts';

interface Migrate extends Move {
  /** The name of the host that an administrator asks for. Absent: any other than the server's. */
  readonly host?: string;
}

/** Moves the server to another host while it is off. It waits there as after a resize. */
export const migrate = hostOperation({
  name: 'migrate',
  past: 'migrated',
  meaning: 'The server is on another host; what it was before is kept until that is confirmed or reverted.',
  allowed: { vmStates: ['active', 'stopped'] },
  ...movedAcross<Migrate>('migrate', {
    among: ({ host: requestedHost }, { host }) => ({
      excludedHosts: host === undefined ? [] : [host.hostId],
      requestedHost,
    }),
  }),
});
