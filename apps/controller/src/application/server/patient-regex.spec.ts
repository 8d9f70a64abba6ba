import { DomainError } from '@cairn/domain';
import { matchTexts } from './patient-regex';

const names = ['web-1', 'Web-22', 'db.1', 'a web'];

describe('a filter by regular expression', () => {
  it.each([
    ['web', [true, true, false, true]],
    ['^web', [true, true, false, false]],
    ['1$', [true, false, true, false]],
    ['^db.1$', [false, false, true, false]],
    ['^web-[0-9]{2}$', [false, true, false, false]],
    ['db|22', [false, true, true, false]],
    ['', [true, true, true, true]],
  ])('"%s" finds names anywhere, without case', (pattern, found) => {
    expect(matchTexts(pattern, names)).toEqual(found);
  });

  it.each(['(', '[z-a]', 'a**', 'x'.repeat(300)])('"%s" is refused', (pattern) => {
    expect(() => matchTexts(pattern, names)).toThrow(DomainError);
  });

  it('that would take for ever is stopped', () => {
    expect(() => matchTexts('^(a+)+$', [`${'a'.repeat(64)}!`])).toThrow(/too long/);
    expect(matchTexts('^(a+)+$', ['aaa'])).toEqual([true]);
  });
});
