import { AccessListsUnclear, claimedBy, confined, isOpen, namedIn, ownedBy, readableBy, RIGHTS } from './lists';

const OWNERS = ['$admins', 'cairn'];
const mine = { owners: OWNERS, others: [] };
const eachRight = (roles: unknown): object => Object.fromEntries(RIGHTS.map((right) => [right, roles]));

describe('the settings of a server that is closed to all but the cloud', () => {
  it('name the cloud and administrators where nobody had set any', () => {
    const settings = confined(undefined, mine);
    expect(settings).toEqual({
      $userStreamAcl: { $r: OWNERS, $w: OWNERS, $d: ['$admins'], $mr: OWNERS, $mw: OWNERS },
      $systemStreamAcl: eachRight(['$admins']),
    });
    expect([isOpen(undefined), isOpen(settings)]).toEqual([true, false]);
  });

  it('keep whom they named, and all else that was in them', () => {
    const before = {
      $userStreamAcl: { $r: ['shop', 'readers'], $w: 'shop', $d: [], $mr: ['shop'], $mw: ['cairn', 'shop'] },
      $systemStreamAcl: { $r: ['$ops'] },
      theirs: { a: [1] },
    };
    expect(confined(before, mine)).toEqual({
      $userStreamAcl: {
        $r: ['shop', 'readers', ...OWNERS],
        $w: ['shop', ...OWNERS],
        $d: ['$admins'],
        $mr: ['shop', ...OWNERS],
        $mw: ['cairn', 'shop', '$admins'],
      },
      $systemStreamAcl: { ...eachRight(['$admins']), $r: ['$ops', '$admins'] },
      theirs: { a: [1] },
    });
  });

  it('name instead of everybody those who were there, for streams of users', () => {
    const { $userStreamAcl } = confined(
      { $userStreamAcl: { $r: ['$all'], $w: ['shop'] } },
      { ...mine, others: ['app'] },
    );
    expect($userStreamAcl).toMatchObject({ $r: ['app', ...OWNERS], $w: ['shop', ...OWNERS], $d: ['app', '$admins'] });
    const { $systemStreamAcl } = confined({ $systemStreamAcl: { $r: '$all' } }, { ...mine, others: ['app'] });
    expect($systemStreamAcl).toMatchObject({ $r: ['$admins'] });
  });

  it('stay the same when that is done again', () => {
    const once = confined({ $userStreamAcl: { $w: ['shop'] } }, { ...mine, others: ['app'] });
    expect(JSON.stringify(confined(once, mine))).toBe(JSON.stringify(once));
    expect(namedIn(once)).toEqual(['app', '$admins', 'cairn', 'shop']);
  });

  it.each([{ $userStreamAcl: [] }, { $userStreamAcl: { $r: 7 } }, { $systemStreamAcl: 'all' }])(
    'are left alone where they are %j: nobody knows whom that lets in',
    (settings) => {
      expect(() => confined(settings, mine)).toThrow(AccessListsUnclear);
    },
  );
});

describe('the list of one stream', () => {
  it('names the cloud alone, besides those who stay', () => {
    const claimed = (metadata: Record<string, unknown> | undefined) =>
      claimedBy(metadata, ownedBy(OWNERS), (role) => role.startsWith('agent-'));
    const $acl = ownedBy(OWNERS);
    expect(claimed(undefined)).toEqual({ $acl });
    expect(claimed({ $maxCount: 1, $acl: { ...$acl, $w: '$all', $d: ['shop'] } })).toEqual({ $maxCount: 1, $acl });
    const ofHost = { $acl: { ...$acl, $r: [...OWNERS, 'agent-1'], $w: [...OWNERS, 'agent-1'] } };
    expect(JSON.stringify(claimed(ofHost))).toBe(JSON.stringify(ofHost));
    expect(claimed({ $acl: { ...ownedBy(['$admins', 'former']), $r: ['former', 'agent-1'] } })).toEqual({
      $acl: { ...$acl, $r: [...OWNERS, 'agent-1'] },
    });
  });

  it('gets readers besides those it has, in metadata that stay', () => {
    const before = { $maxCount: 3, $acl: { $r: 'auditor', $w: ['x'] } };
    const after = { $maxCount: 3, $acl: { $r: ['auditor', ...OWNERS], $w: ['x'] } };
    expect(readableBy(before, OWNERS)).toEqual(after);
    expect(readableBy(after, OWNERS)).toBe(after);
    expect(readableBy(undefined, OWNERS)).toEqual({ $acl: { $r: OWNERS } });
    expect(readableBy(undefined, ['$admins'])).toBeUndefined();
    expect(readableBy({ $acl: { $r: '$all' } }, OWNERS)).toEqual({ $acl: { $r: OWNERS } });
  });
});
