import { agreed, chosen, type Member, type View } from './gossip';

const [A, B, C] = ['a:1', 'b:1', 'c:1'] as const;

/** What a node says of a cluster of three: one letter for each member, small where it does not answer that node. */
function view(from: string, states: string): View {
  const roles = { l: 'leader', f: 'follower', o: 'other' } as const;
  const members = [A, B, C].map((address, i): Member => {
    const state = states[i] ?? 'o';
    return { address, role: roles[state.toLowerCase() as keyof typeof roles], alive: state !== state.toLowerCase() };
  });
  return { from, members };
}

describe('the node to use', () => {
  it.each([
    ['the leader, when all is well', [view(A, 'LFF'), view(B, 'LFF'), view(C, 'LFF')], A, 'leads'],
    ['the leader, when the followers cannot be reached from here', [view(A, 'LFF')], A, 'leads'],
    [
      'the new leader, while the old one still takes itself for one',
      [view(A, 'LFF'), view(B, 'lLF'), view(C, 'lLF')],
      B,
      'leads',
    ],
    ['of two leaders the one that sees others, when nobody else answers', [view(A, 'Lff'), view(B, 'lLF')], B, 'leads'],
    ['a follower, when the leader cannot be reached from here', [view(B, 'LFF'), view(C, 'LFF')], B, 'forwards'],
    ['the first of two such followers, which is the one in use', [view(C, 'LFF'), view(B, 'LFF')], C, 'forwards'],
    ['any that can be read from, when nobody leads', [view(B, 'loO'), view(C, 'lOO')], B, 'reads'],
    ['one to read from, when the leader is known to be gone', [view(B, 'lFF'), view(C, 'lFF')], B, 'reads'],
  ])('is %s', (_, views, address, use) => {
    expect(chosen(views)).toEqual({ address, use });
  });

  it('is none when no node answers', () => {
    expect(chosen([])).toBeUndefined();
  });

  it('is none that only a seed is known as: what members call it is not known', () => {
    expect(chosen([view('seed:1', 'LFF')])).toBeUndefined();
  });

  it.each([
    ['two of three name it', [view(A, 'LFF'), view(C, 'LFF')], true],
    ['only one of three does', [view(A, 'LFF')], false],
    ['they name two', [view(A, 'LFF'), view(B, 'lLF')], false],
    ['it does not answer itself', [view(B, 'LFF'), view(C, 'LFF')], false],
  ])('is certain or not when %s', (_, views, certain) => {
    expect(agreed(views)).toBe(certain);
  });
});
