import {
  DomainError,
  instance,
  type Instance,
  type InstanceCommand,
  type Message,
  operationNamed,
  streamRef,
  type VmState,
  VM_STATES,
} from '@cairn/domain';
import fc from 'fast-check';

import { pathTo, TENANT_REQUESTS, titleOf } from '../../libs/domain/src/testing/operations';
import { runs } from '../../libs/projections/src/testing/fast-check';

import { FlowLab, uuid } from './flow-lab';
import { broughtTo, commandFor, SERVER } from './flow-server';

type Request = (typeof TENANT_REQUESTS)[number];

const TARGET = streamRef('instance', SERVER);

const takes = ({ name, input }: Request, vmState: VmState): boolean => {
  const { vmStates } = operationNamed(name).allowed(input);
  return vmStates === 'any' || vmStates.includes(vmState);
};

interface Pair {
  readonly vmState: VmState;
  readonly requests: readonly [Request, Request];
}

/** A reachable state, and two actions that a server takes in it. */
const PAIRS: readonly Pair[] = VM_STATES.filter((vmState) => pathTo(vmState) !== undefined).flatMap((vmState) => {
  const taken = TENANT_REQUESTS.filter((request) => operationNamed(request.name).isListed && takes(request, vmState));
  return taken.flatMap((one) => taken.map((other): Pair => ({ vmState, requests: [one, other] })));
});

/** Whether each of two commands is taken when the second is decided on what the first has made of the server. */
function inOrder(state: Instance, commands: readonly Message[], at: string): readonly boolean[] {
  let now = state;
  return commands.map((command, i) => {
    const context = { commandId: `c-${String(i)}`, at };
    try {
      for (const event of instance.decide(command as InstanceCommand, now, context))
        now = instance.evolve(now, event, context);
      return true;
    } catch (error) {
      if (error instanceof DomainError) return false;
      throw error;
    }
  });
}

/** A state or a task that is in the way, or a lock that the other one has set. */
const CODES = /^instance\.(invalid-state|locked)$/;

/** How one of two commands at once came out. */
interface Raced {
  readonly commandId: string;
  readonly refusal: DomainError | undefined;
}

/** Two commands at once, by two controllers that do not know of each other's. */
async function raced(lab: FlowLab, commands: readonly Message[]): Promise<readonly Raced[]> {
  const outcomes = await Promise.all(
    commands.map(async (command, i): Promise<Raced> => {
      const commandId = uuid(0xd000 + i);
      const executor = lab.rival();
      await executor.folded(TARGET);
      try {
        await executor.carry(TARGET, command, lab.context(commandId));
        return { commandId, refusal: undefined };
      } catch (error) {
        if (error instanceof DomainError) return { commandId, refusal: error };
        throw error;
      }
    }),
  );
  lab.audit();
  return outcomes;
}

/** How often exactly one of two won, in all pairs. */
let contradictions = 0;

async function race({ vmState, requests }: Pair): Promise<void> {
  const lab = new FlowLab();
  await lab.furnish();
  await broughtTo(vmState)(lab);
  const before = await lab.state(TARGET);
  const length = lab.log.length;
  const commands = requests.map((request) => commandFor(lab, request));
  const outcomes = await raced(lab, commands);

  const writers = lab.log.slice(length).map(({ metadata }) => String(metadata['commandId']));
  const taken = outcomes.map(({ refusal }) => refusal === undefined);
  const orders = [inOrder(before, commands, lab.later(0)), inOrder(before, [...commands].reverse(), lab.later(0))];
  // as if one had come after the other
  const [first = [], second = []] = orders;
  expect([first, [...second].reverse()]).toContainEqual(taken);
  expect(taken).toContain(true);
  for (const [i, { commandId, refusal }] of outcomes.entries()) {
    if (refusal === undefined) continue;
    contradictions += 1;
    expect(refusal).toMatchObject({ kind: 'conflict', code: expect.stringMatching(CODES) as string });
    // the log names the winner, and nothing of the loser
    expect(writers).not.toContain(commandId);
    expect(new Set(writers)).toEqual(new Set([outcomes[1 - i]?.commandId]));
  }
  lab.forgetful = true; // its own controller does not know what the two others did
  await lab.settle();
  expect(lab.violations()).toEqual([]);
}

it('of two operations at once, one wins and the other is refused, unless the second may follow the first', async () => {
  expect(PAIRS.length).toBeGreaterThan(200);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PAIRS), async (pair) => {
      const titles = pair.requests.map(titleOf).join(' and ');
      await race(pair).catch((error: unknown) => {
        throw new Error(`${titles} of a server that is ${pair.vmState}: ${(error as Error).message}`, { cause: error });
      });
    }),
    { ...runs(200), endOnFailure: true },
  );
  expect(contradictions).toBeGreaterThan(40);
}, 120_000);
