import { recordedConversations, type Conversation } from './conversation';
import { DIFFERENCES } from './differences';
import { Replay } from './replay';
import { GIVEN_SERVER, ServerUnderTest } from './server-under-test';
import { StoreCalls } from './store-calls';

/** Conversations that are carried out at the same time. */
const AT_ONCE = 8;

const conversations = recordedConversations();
const reasonOf = ({ kind, name }: Conversation): string | undefined =>
  DIFFERENCES.find((difference) => difference[0] === kind && difference[1] === name)?.[2];

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
  }, 300_000);
  afterAll(async () => {
    await server.stop();
  });

  async function carryOut(some: readonly Conversation[]): Promise<void> {
    const calls = new StoreCalls(address);
    for (const one of some) answers.set(one, await new Replay(calls).run(one.steps));
    calls.close();
  }

  it.each(conversations.filter((one) => reasonOf(one) === undefined).map((one) => [one.kind, one.name, one] as const))(
    'answers alike: %s: %s',
    (_kind, _name, one) => {
      const expected = one.steps.map(([operation, , answer]) => [operation, answer]);
      expect(one.steps.map(([operation], step) => [operation, plain(answers.get(one)?.[step])])).toEqual(expected);
    },
  );

  const itDiffers = server.isEmbedded ? it.each(DIFFERENCES) : it.skip.each(DIFFERENCES);
  itDiffers('differs deliberately: %s: %s: %s', (kind, name) => {
    const one = conversations.find((recorded) => recorded.kind === kind && recorded.name === name);
    expect(one).toBeDefined();
    if (one === undefined) return;
    expect(one.steps.map((_, step) => plain(answers.get(one)?.[step]))).not.toEqual(one.steps.map((step) => step[2]));
  });
});

/** As it would stand in the file. */
function plain(answer: unknown): unknown {
  return answer === undefined ? undefined : (JSON.parse(JSON.stringify(answer)) as unknown);
}
