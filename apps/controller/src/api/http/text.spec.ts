import fc from 'fast-check';
import { isLine, isOfLength, isProse, isStorable, lengthOf, unstorableField } from './text';

const text = fc.string({ unit: 'binary' });

describe('text that users choose', () => {
  it('is counted in characters', () => {
    fc.assert(
      fc.property(text, fc.nat(40), fc.nat(40), (any, min, max) => {
        const length = Array.from(any).length;
        expect(lengthOf(any)).toBe(length);
        expect(isOfLength(any, min, max)).toBe(length >= min && length <= max);
      }),
    );
  });

  it('can be stored when it has a UTF-8 form, and no NUL', () => {
    const units = fc.constantFrom('a', '\0', '\ud83d', '\udc27', '🐧', '\n');
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: units })), (any) => {
        const isSame = Buffer.from(any, 'utf8').toString('utf8') === any;
        expect(isStorable(any)).toBe(isSame && !any.includes('\0'));
        if (isLine(any)) expect(isProse(any)).toBe(true);
        if (isProse(any)) expect(isStorable(any)).toBe(true);
      }),
    );
  });

  it.each(['web-1', 'Größe', '名前', '👩‍👩‍👧', 'نمی\u200cخواهم', 'a b', 'a\u00a0b', '\'"<>&%', '\u0301', ''])(
    'is a line: %j',
    (any) => {
      expect(isLine(any)).toBe(true);
    },
  );

  it.each([
    ' a',
    'a ',
    '\u3000a',
    'a\n',
    'a\tb',
    '\u0085',
    'a\u202eb',
    '\u00ad',
    '\ufeff',
    '\u2028',
    '\ue000',
    '\uffff',
    '\u{e0041}',
  ])('is no line: %j', (any) => {
    expect(isLine(any)).toBe(false);
  });

  it('is prose also in several lines, and with blanks at its ends', () => {
    expect([isProse('a\r\n\tb '), isProse('a\u0007'), isProse('a\u2028b'), isProse('a\u202eb')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('is found in a body wherever it cannot be stored', () => {
    expect(unstorableField({ a: [{ b: 'fine' }, null, 1, true] })).toBeUndefined();
    expect(unstorableField({ a: [{ b: '\0' }] })).toBe('b');
    expect(unstorableField({ a: { '\ud800': 1 } })).toBe('a');
    expect(unstorableField(['x', '\udc00'])).toBe('');
  });
});
