import { DomainError } from '../../kernel/errors';
import type { Amounts } from '../../quota/resources';
import { type Build, buildOf } from '../hardware';
import type { Instance } from '../state';
import { irregularHostOperation } from './definition';
import { movedAcross, type Move } from './move-parts';

interface Resize extends Move, Build {
  /** Whether the host that the server is on may take it at its new size, too. */
  readonly sameHost: boolean;
  /** The name of the only host that may take it. Absent: any. */
  readonly onHost?: string;
  /** Limits of the quota for all projects, as they were when it was asked for. */
  readonly limits?: Amounts;
}

/** @throws DomainError `invalid`, in nova's words. */
function requireOther({ flavor }: Resize, { request }: Instance): void {
  const before = request?.flavor;
  if (before === undefined) return;
  const refuse = (code: string, message: string): never => {
    throw new DomainError('invalid', code, message);
  };
  if (flavor.flavorId === before.flavorId)
    refuse('instance.same-flavor', 'When resizing, instances must change flavor!');
  if (flavor.rootGb === 0 && before.rootGb !== 0)
    refuse('instance.zero-disk', 'Unable to resize disk down: Resize to zero disk flavor is not allowed.');
  if (flavor.rootGb < before.rootGb || flavor.ephemeralGb < before.ephemeralGb)
    refuse('instance.smaller-disk', 'Resize error: Unable to resize disk down.');
}

/** Gives the server another flavor, on its host or another. The server waits there for its tenant to confirm it. */
export const resize = irregularHostOperation(
  {
    command: 'ResizeInstance',
    requested: 'instance.resize-requested.v1',
    accept(asked: Resize & { readonly notAfter: string }, instance: Instance) {
      requireOther(asked, instance);
      return asked;
    },
  },
  {
    name: 'resize',
    past: 'resized',
    meaning: 'The server has its new flavor; what it was before is kept until that is confirmed or reverted.',
    requestMeaning: 'Somebody asked for another flavor.',
    allowed: { vmStates: ['active', 'stopped'] },
    ...movedAcross<Resize>('resize', {
      among: ({ sameHost, onHost }, { host }) => ({
        excludedHosts: sameHost || host === undefined ? [] : [host.hostId],
        requestedHost: onHost,
      }),
      becomes: buildOf,
      limits: ({ limits = {} }) => limits,
    }),
  },
);
