import type { AnyAggregate, Effect } from '@cairn/domain';
import { owedBy } from './owed';

const effect = (id: string): Effect => ({
  kind: 'command',
  id,
  target: { category: 'image', id: 'a' },
  command: { type: 'Do', data: {} },
  onDone: () => ({ type: 'Done', data: {} }),
  onRefused: () => ({ type: 'Refused', data: {} }),
});

/** An aggregate whose states owe one effect, and which counts how often it was asked. */
function counting(id: string): { readonly aggregate: AnyAggregate; readonly asked: () => number } {
  let asked = 0;
  const due = (): readonly Effect[] => {
    asked += 1;
    return [effect(id)];
  };
  return { aggregate: { due } as unknown as AnyAggregate, asked: () => asked };
}

describe('what a state owes', () => {
  it('is worked out once for each state', () => {
    const { aggregate, asked } = counting('one');
    const [state, next] = [{}, {}];
    expect([state, state, next, state].map((of) => owedBy(aggregate, of)[0]?.id)).toEqual(['one', 'one', 'one', 'one']);
    expect(asked()).toBe(2);
  });

  it('is what its own aggregate says', () => {
    const state = {};
    expect(owedBy(counting('one').aggregate, state)[0]?.id).toBe('one');
    expect(owedBy(counting('two').aggregate, state)[0]?.id).toBe('two');
  });

  it('is nothing where the aggregate owes nothing', () => {
    expect(owedBy({} as unknown as AnyAggregate, {})).toEqual([]);
  });
});
