import { requestNamed } from '../../libs/domain/src/testing/operations';

import type { FlowLab } from './flow-lab';
import { alone, broughtTo, type Flow, launched, operate, remove, untilOwed } from './flow-server';

const RESIZE = requestNamed('resize');

const launchedAlone = async (lab: FlowLab): Promise<void> => {
  await launched(lab);
  await alone(lab);
};

const resizedAlone = async (lab: FlowLab): Promise<void> => {
  await launchedAlone(lab);
  await operate(lab, RESIZE);
  await lab.settle();
};

/** What follows a resize, and a resize that has no other host to go to. */
export const MOVES: readonly Flow[] = [
  {
    name: 'confirmation of a resize',
    prepare: broughtTo('resized'),
    begin: (lab) => operate(lab, { name: 'confirmResize', input: {} }),
    end: 'active',
    otherwise: ['active'],
  },
  {
    name: 'resize that nobody answers for',
    prepare: launched,
    begin: (lab) => operate(lab, { name: 'resize', input: { ...RESIZE.input, confirmAfterMs: 60_000 } }),
    end: 'active',
    otherwise: ['active', 'error'],
  },
  {
    name: 'resize on the only host',
    prepare: launchedAlone,
    begin: (lab) => operate(lab, RESIZE),
    end: 'resized',
    otherwise: ['active', 'error'],
  },
  {
    name: 'reversion of a resize on the only host',
    prepare: resizedAlone,
    begin: (lab) => operate(lab, { name: 'revertResize', input: {} }),
    end: 'active',
    otherwise: ['resized', 'active', 'error'],
  },
  {
    name: 'confirmation of a resize on the only host',
    prepare: resizedAlone,
    begin: (lab) => operate(lab, { name: 'confirmResize', input: {} }),
    end: 'active',
    otherwise: ['active'],
  },
  {
    name: 'delete of a server that was resized',
    prepare: broughtTo('resized'),
    begin: remove,
    end: 'deleted',
    otherwise: ['deleted'],
  },
  {
    name: 'delete of a server that is being resized',
    prepare: launched,
    begin: async (lab: FlowLab): Promise<void> => {
      await operate(lab, RESIZE);
      await untilOwed(lab, 'ensure-instance');
      await remove(lab);
    },
    end: 'deleted',
    otherwise: ['deleted'],
  },
];
