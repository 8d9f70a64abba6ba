import { patternWithout } from './type-pattern';

const wanted = (types: readonly string[], ...asked: readonly string[]): readonly string[] =>
  asked.filter((type) => new RegExp(patternWithout(types)).test(type));

describe('the pattern of wanted types', () => {
  it('leaves out the named ones, whole categories and the store’s own, and nothing else', () => {
    const left = ['user.login-failed.v1', 'user.deleted.v1', 'agent.', 'host.seen.'];
    expect(
      wanted(
        left,
        '$metadata',
        'user.login-failed.v1',
        'user.login-failed.v10',
        'user.login-failed',
        'userXdeleted.v1',
      ),
    ).toEqual(['user.login-failed.v10', 'user.login-failed', 'userXdeleted.v1']);
    expect(wanted(left, 'user.deleted.v1', 'agent.job-failed.v1', 'agents.x', 'host.seen.v1', 'host.seen')).toEqual([
      'agents.x',
      'host.seen',
    ]);
    expect(wanted([], '$x', 'user.deleted.v1')).toEqual(['user.deleted.v1']);
  });

  it('is never longer than the store takes, however many types there are', () => {
    const many = Array.from({ length: 500 }, (_, i) => `category-${String(i % 40)}.something-happened-${String(i)}.v1`);
    const pattern = patternWithout(many);
    expect(pattern.length).toBeLessThanOrEqual(2_000);
    expect(wanted(many, 'category-0.something-happened-0.v1', 'category-99.x.v1')).toEqual(['category-99.x.v1']);
  });
});
