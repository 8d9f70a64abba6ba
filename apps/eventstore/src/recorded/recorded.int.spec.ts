import { isDeepStrictEqual } from 'node:util';
import { recordedConversations, type Conversation } from './conversation';
import { DIFFERENCES } from './differences';
import { Replay } from './replay';
import { GIVEN_SERVER, ServerUnderTest } from './server-under-test';
import { StoreCalls } from './store-calls';

/** Conversations that are carried out at the same time. */
const AT_ONCE = 8;
/** EventStoreDB writes some metadata after its answer: a reader may see the old value for a moment. This store does not. */
const TRIES = GIVEN_SERVER === undefined ? 1 : 4;

const conversations = recordedConversations();
const differs = ({ kind, name }: Conversation): boolean =>
  DIFFERENCES.some((difference) => difference[0] === kind && difference[1] === name);

/** Those that read or follow `$all` see each other. */
const readsAll = ({ steps }: Conversation): boolean =>
  steps.some(([operation, { all }]) => all || operation === 'readAll');

describe('what EventStoreDB 24.10.4 answered in recorded conversations', () => {
  const server = new ServerUnderTest(GIVEN_SERVER);
  let address: string;
  const answers = new Map<Conversation, readonly unknown[]>();

  beforeAll(async () => {
    address = await server.start();
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, lane) =>
        carryOut(conversations.filter((one) => !readsAll(one)).filter((_one, n) => n % AT_ONCE === lane)),
      ),
    );
    await carryOut(conversations.filter(readsAll));
    for (let n = 1; n < TRIES; n += 1) await carryOut(conversations.filter((one) => !agrees(one)));
  }, 300_000);
  afterAll(async () => {
    await server.stop();
  });

  async function carryOut(some: readonly Conversation[]): Promise<void> {
    const calls = new StoreCalls(address);
    for (const one of some) answers.set(one, await new Replay(calls).run(one.steps));
    calls.close();
  }

  const answered = (one: Conversation): Said =>
    one.steps.map(([operation], step) => [operation, plain(answers.get(one)?.[step])]);
  const agrees = (one: Conversation): boolean => isDeepStrictEqual(answered(one), recorded(one));

  const alike = server.isEmbedded ? conversations.filter((one) => !differs(one)) : conversations;
  it.each(alike.map((one) => [one.kind, one.name, one] as const))('answers alike: %s: %s', (_kind, _name, one) => {
    expect(answered(one)).toEqual(recorded(one));
  });

  if (!server.isEmbedded) return;
  it.each(DIFFERENCES)('differs deliberately: %s: %s: %s', (kind, name) => {
    const one = conversations.find((each) => each.kind === kind && each.name === name);
    expect(one).toBeDefined();
    if (one !== undefined) expect(answered(one)).not.toEqual(recorded(one));
  });
});

type Said = readonly (readonly [operation: string, answer: unknown])[];

const recorded = ({ steps }: Conversation): Said => steps.map(([operation, , answer]) => [operation, answer]);

/** As it would stand in the file. */
function plain(answer: unknown): unknown {
  return answer === undefined ? undefined : (JSON.parse(JSON.stringify(answer)) as unknown);
}
