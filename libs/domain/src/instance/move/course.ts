import { type AnyHostOperation, hostOperationNamed, powerIn, targetOf } from '../operations';
import type { Leg, Search } from '../operations/moving';
import { greaterOf, sameAmounts, sizeAmounts } from '../quota';
import type { Amounts } from '../../quota/resources';
import { type Build, buildOf } from '../hardware';
import { heldFor } from './settle';
import { requestOf } from '../spec-of';
import { type Standing, standingOf, withStanding } from '../standing';
import type { Instance, Operation } from '../state';
import type { Power } from '../states';

/** Where an operation under way stands, and where it leads. */

/** Which leg is under way, from 0; from -1 downwards, a leg of the way back to what was before. */
export const stageOf = ({ leg = 0, undone }: Operation): number => (undone === undefined ? leg : -1 - leg);

export const legOf = ({ name, input, leg = 0 }: Operation): Leg => {
  const found = hostOperationNamed(name).legs(input)[leg];
  if (found === undefined) throw new Error(`${name} has no leg ${String(leg)}`);
  return found;
};

/** Whether the host that the server is on takes part. */
export const beginsHere = ({ name, input }: Operation): boolean =>
  hostOperationNamed(name)
    .legs(input)
    .some(({ on }) => on === 'here');

/** The way back: a guest that the other host may run is ended there before it runs here again. */
export function undoLegs(state: Instance, { name }: Operation): readonly Pick<Leg, 'on' | 'power'>[] {
  const there = hostOperationNamed(name).goes === 'back' ? state.former?.host.hostId : undefined;
  const here = { on: 'here', power: powerIn(state) } as const;
  return there === undefined || there === state.host?.hostId ? [here] : [{ on: 'there', power: 'stopped' }, here];
}

export const isLastLeg = ({ name, input, leg = 0 }: Operation): boolean =>
  leg + 1 >= hostOperationNamed(name).legs(input).length;

/** The search that an operation begins with; undefined where it stays on its host. */
export const searchNeeded = ({ goes }: AnyHostOperation, state: Instance): Search<object> | undefined =>
  typeof goes === 'object' && goes.needed?.(state) !== false ? goes : undefined;

/** The search of an operation, if its server is being placed. */
export function searchOf({ operation, placement }: Instance): Search<object> | undefined {
  if (operation === undefined || placement === undefined) return undefined;
  const { goes } = hostOperationNamed(operation.name);
  return typeof goes === 'object' ? goes : undefined;
}

/** What the server is going to be, without its host: what a host is looked for. */
export const soughtBy = (state: Instance): Build =>
  searchOf(state)?.becomes?.(state.operation?.input ?? {}) ?? buildOf(requestOf(state));

/** Where the server goes; undefined where it stays, and before a host is chosen. */
export function destinationOf(state: Instance): Standing | undefined {
  const { operation, placement, former, vmState } = state;
  if (operation === undefined) return undefined;
  if (hostOperationNamed(operation.name).goes === 'back') return former;
  if (searchOf(state) === undefined || placement?.target === undefined) return undefined;
  return { vmState, host: placement.target, ...soughtBy(state), diskSet: operation.operationId };
}

/** The server as a leg's host must make it. */
export function atLeg(state: Instance, { on }: Pick<Leg, 'on'>): Instance {
  const there = on === 'there' ? destinationOf(state) : undefined;
  return there === undefined ? state : withStanding(state, there);
}

export function powerAt(state: Instance, operation: AnyHostOperation, { power }: Pick<Leg, 'power'>): Power {
  return power === 'end' ? targetOf(operation, state).power : power;
}

/** What the quota must hold before the server is placed; undefined if it holds it already. */
export function reservationWanted(state: Instance): Amounts | undefined {
  const held = heldFor(state);
  const wanted = greaterOf(held, sizeAmounts(soughtBy(state).flavor));
  return sameAmounts(held, wanted) ? undefined : wanted;
}

/** What the server is after its operation; undefined for an operation that moves nothing. */
export function standingAfter(state: Instance): Standing | undefined {
  const operation = state.operation === undefined ? undefined : hostOperationNamed(state.operation.name);
  if (operation?.leaves === undefined) return undefined;
  const standing = destinationOf(state) ?? standingOf(state);
  return standing === undefined ? undefined : { ...standing, vmState: targetOf(operation, state).vmState };
}
