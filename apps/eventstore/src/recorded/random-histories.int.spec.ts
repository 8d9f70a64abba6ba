import fc from 'fast-check';
import { argsOf, type Conversation } from './conversation';
import { ModelAnswers, UNKNOWN } from './model/model-answers';
import { history } from './model/random-histories';
import { Replay } from './replay';
import { ServerUnderTest } from './server-under-test';
import { StoreCalls } from './store-calls';

const RUNS = Number(process.env['HISTORIES'] ?? 40);
const SEED = process.env['SEED'];
/** A subscription that says what the model says has only to be watched for what it should not say. */
const QUIET_MS = 15;

describe('random histories', () => {
  // Always an embedded one: among the histories are some that end EventStoreDB's node, for ever.
  const server = new ServerUnderTest(undefined);
  let calls: StoreCalls;

  beforeAll(async () => {
    calls = new StoreCalls(await server.start());
  });
  afterAll(async () => {
    calls.close();
    await server.stop();
  });

  it('are answered as the model of EventStoreDB answers them: reads, metadata, deletions, links, subscriptions', async () => {
    // A failure is told at once; with its seed given, the shortest failing history is looked for, which takes minutes.
    const seed = SEED === undefined ? { endOnFailure: true } : { seed: Number(SEED) };
    await fc.assert(
      fc.asyncProperty(history, async (given) => {
        const model = new ModelAnswers();
        const steps = given.map(([operation, args]): Conversation['steps'][number] => {
          const whole = argsOf(args);
          return [operation, whole, model.answer(operation, whole)];
        });
        const answers = await new Replay(calls, QUIET_MS).run(steps);
        const seen = steps.map(([operation, , expected], step) => [
          operation,
          expected === UNKNOWN ? UNKNOWN : answers[step],
        ]);
        expect(seen).toEqual(steps.map(([operation, , expected]) => [operation, expected]));
      }),
      { numRuns: RUNS, ...seed },
    );
  }, 600_000);
});
