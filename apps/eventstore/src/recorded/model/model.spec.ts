import { recordedConversations } from '../conversation';
import { DIFFERENCES } from '../differences';
import { ModelAnswers, UNKNOWN, isModelled } from './model-answers';

/** What the model does not know, by kind; every other recorded answer it must give. */
const OUTSIDE = ['events', 'names', 'odd requests', 'sizes', 'read', 'metadata document', 'names that break trailers'];
const OUTSIDE_BY_NAME = ['not UTF-8', '$maxAge and links', 'a soft hyphen in a prefix and in a name'];
const MODELLED = recordedConversations().filter(
  (one) => !OUTSIDE.includes(one.kind) && !OUTSIDE_BY_NAME.includes(one.name) && isModelled(one),
);
const isDifferent = (kind: string, name: string): boolean =>
  DIFFERENCES.some((difference) => difference[0] === kind && difference[1] === name);

describe("the model of EventStoreDB's rules", () => {
  it('covers most of what was recorded', () => {
    expect(MODELLED.length).toBeGreaterThan(180);
  });

  it.each(
    MODELLED.filter(({ kind, name }) => !isDifferent(kind, name)).map((one) => [one.kind, one.name, one] as const),
  )('answers as EventStoreDB did: %s: %s', (_kind, _name, { steps }) => {
    const answers = new ModelAnswers().answerAll(steps);
    const known = steps.map(([operation, , answer], step) => [operation, answers[step] === UNKNOWN ? UNKNOWN : answer]);
    expect(steps.map(([operation], step) => [operation, answers[step]])).toEqual(known);
  });
});
