import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';

import type { Attributes } from './check';
import { BUILT_IN_RULES } from './defaults';
import { Enforcer, type Subject } from './enforcer';
import { parseRule, PolicySyntaxError } from './parse';
import { PolicyFile, rulesOf } from './policy-file';
import { RuleSet } from './rule-set';

const subject = (roles: readonly string[], more: Partial<Subject> = {}): Subject => ({
  userId: 'u1',
  projectId: 'p1',
  domainId: 'd1',
  roles,
  ...more,
});

const allows = (rule: unknown, roles: readonly string[] = [], target: Attributes = {}): boolean =>
  new Enforcer(RuleSet.of({ context_is_admin: 'role:admin', base: 'role:base' }, { asked: rule })).allows(
    'asked',
    subject(roles),
    target,
  );

describe('the policy language', () => {
  it.each([
    ['', true],
    ['@', true],
    ['!', false],
    ['not !', true],
    ['not (@ and !)', true],
    ['role:Member', true],
    ['role:admin', false],
    ['is_admin:True', false],
    ['is_admin:False', true],
    ['rule:base', false],
    ['rule:base or role:member', true],
    ['! or ! or @', true],
    ['@ or ! and !', true],
    ['(@ or !) and !', false],
    ['not role:admin and role:member', true],
    ['project_id:%(project_id)s', true],
    ['project_id:%(other)s', false],
    ['user_id:%(target.user.id)s', true],
    ["'public':%(visibility)s", true],
    ['True:%(enabled)s', true],
    ['None:%(nothing)s', true],
    ['role:%(wanted)s', true],
  ])('%j: %s', (rule, expected) => {
    const target = {
      project_id: 'p1',
      target: { user: { id: 'u1' } },
      visibility: 'public',
      enabled: true,
      nothing: null,
      wanted: 'MEMBER',
    };
    expect(allows(rule, ['member'], target)).toBe(expected);
  });

  it('takes lists of lists as any of all', () => {
    expect(allows([])).toBe(true);
    expect(allows([['role:a', 'role:b'], ['role:c']], ['c'])).toBe(true);
    expect(allows([['role:a', 'role:b'], ['role:c']], ['a'])).toBe(false);
    expect(allows([['role:a', 'role:b'], ['role:c']], ['a', 'b'])).toBe(true);
  });

  it('lets nobody without a project own what has no project', () => {
    const rules = RuleSet.of({ context_is_admin: '!', own: 'project_id:%(project_id)s' });
    const unscoped = subject([], { projectId: null });
    expect(new Enforcer(rules).allows('own', unscoped)).toBe(false);
    expect(new Enforcer(rules).allows('own', unscoped, { project_id: 'None' })).toBe(false);
  });

  it.each([
    ['role:a', 1],
    ['role:member or is_admin:True', 1],
    ['is_admin:True', 2],
    ['is_admin:True or is_admin:False', 2],
  ])('asks whether a caller is an administrator only where a rule does, and once: %s', (rule, asked) => {
    const ask = jest.spyOn(RuleSet.prototype, 'allows');
    allows(rule, ['member']);
    expect(ask).toHaveBeenCalledTimes(asked);
    ask.mockRestore();
  });

  it.each([
    'and',
    'role:a and',
    '(role:a',
    'role:a)',
    'role:a role:b',
    'nonsense',
    'http://127.0.0.1/',
    ':x',
    7,
    [[1]],
  ])('refuses %j', (rule) => {
    expect(() => RuleSet.of({}, { asked: rule })).toThrow(PolicySyntaxError);
  });

  it('reads any text without another error, and never allows by one that it refuses', () => {
    const words = fc.constantFrom(
      'and',
      'or',
      'not',
      '(',
      ')',
      '@',
      '!',
      'role:a',
      'a:%(b)s',
      'rule:x',
      '((',
      ')))',
      ':',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((all) => all.join(' ')),
        ),
        (text) => {
          try {
            parseRule(text);
          } catch (error) {
            expect(error).toBeInstanceOf(PolicySyntaxError);
          }
        },
      ),
    );
  });

  it('means by and, or and not what logic means by them', () => {
    type Tree = boolean | { not: Tree } | { and: [Tree, Tree] } | { or: [Tree, Tree] };
    const trees = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.boolean(),
        fc.record({ not: tie('tree') }),
        fc.record({ and: fc.tuple(tie('tree'), tie('tree')) }),
        fc.record({ or: fc.tuple(tie('tree'), tie('tree')) }),
      ),
    })).tree;
    const value = (tree: Tree): boolean => {
      if (typeof tree === 'boolean') return tree;
      if ('not' in tree) return !value(tree.not);
      return 'and' in tree ? value(tree.and[0]) && value(tree.and[1]) : value(tree.or[0]) || value(tree.or[1]);
    };
    const text = (tree: Tree): string => {
      if (typeof tree === 'boolean') return tree ? '@' : '!';
      if ('not' in tree) return `not (${text(tree.not)})`;
      return 'and' in tree
        ? `(${text(tree.and[0])}) and (${text(tree.and[1])})`
        : `(${text(tree.or[0])}) or (${text(tree.or[1])})`;
    };
    fc.assert(fc.property(trees, (tree) => allows(text(tree)) === value(tree)));
  });
});

describe('a set of rules', () => {
  it('falls back to the rule named default, and without one allows nobody', () => {
    const enforcer = (rules: Readonly<Record<string, string>>): Enforcer => new Enforcer(RuleSet.of(rules));
    expect(enforcer({ default: '@' }).allows('unknown', subject([]))).toBe(true);
    expect(enforcer({}).allows('unknown', subject(['admin']))).toBe(false);
  });

  it('refuses rules that refer to nothing or to themselves, and says which', () => {
    expect(() => RuleSet.of({ a: 'rule:b' })).toThrow('rule a: refers to b, which does not exist');
    expect(() => RuleSet.of({ a: 'rule:b', b: 'not rule:a' })).toThrow('rule a: refers to itself: a -> b -> a');
    expect(() => RuleSet.of({ a: 'role:x and' })).toThrow('rule a: the rule ends where a check is expected');
  });

  it('is sound as built in: administrators may do all, strangers to a project nothing in it', () => {
    const rules = RuleSet.of(BUILT_IN_RULES);
    const enforcer = new Enforcer(rules);
    const admin = subject(['admin', 'member', 'reader'], { projectId: 'p2' });
    const own = new Set(['project_member_api', 'project_reader_api', 'identity:change_password']);
    for (const rule of rules.names.filter((name) => !own.has(name)))
      expect([rule, enforcer.allows(rule, admin, { project_id: 'p1', user_id: 'u2' })]).toEqual([rule, true]);
    const stranger = subject(['member', 'reader'], { projectId: 'p2' });
    for (const rule of rules.names.filter((name) => name.startsWith('os_compute_api:servers:')))
      expect([rule, enforcer.allows(rule, stranger, { project_id: 'p1' })]).toEqual([rule, false]);
  });
});

describe('a policy file', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'cairn-policy-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('is JSON or YAML, a map from names to rules', () => {
    expect(rulesOf('{"a": "role:x", "b": [["role:y"]]}')).toEqual({ a: 'role:x', b: [['role:y']] });
    expect(rulesOf('# comment\n"a:b": "role:x"\n')).toEqual({ 'a:b': 'role:x' });
    expect(rulesOf('')).toEqual({});
    for (const bad of ['- a', '"text"', '{', 'a: &x 1\nb: *x']) expect(() => rulesOf(bad)).toThrow(PolicySyntaxError);
  });

  it('is read when it changes, and a broken one leaves the rules as they were', async () => {
    const path = join(folder, 'policy.yaml');
    const enforcer = new Enforcer(RuleSet.of({ asked: '!' }));
    const file = new PolicyFile(path, { asked: '!' });
    const write = async (text: string, at: number): Promise<void> => {
      await writeFile(path, text);
      await utimes(path, at, at);
    };
    await write('asked: "@"', 1);
    expect(await file.refresh(enforcer)).toBe(true);
    expect(await file.refresh(enforcer)).toBe(false);
    expect(enforcer.allows('asked', subject([]))).toBe(true);
    await write('asked: "("', 2);
    await expect(file.refresh(enforcer)).rejects.toThrow(PolicySyntaxError);
    expect(enforcer.allows('asked', subject([]))).toBe(true);
    await write('', 3);
    expect(await file.refresh(enforcer)).toBe(true);
    expect(enforcer.allows('asked', subject([]))).toBe(false);
  });
});
