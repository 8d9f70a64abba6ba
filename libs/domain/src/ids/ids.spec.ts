import { NIL, parse, v5 } from 'uuid';

import { deriveId } from '.';

describe('derived ids', () => {
  const namespace = parse('7d1bd8a2-4c8d-5e0f-9a55-0f6f3a0d7c11');

  it.each([[['']], [['a', 1, 'b']], [['Zürich', '東京', '\u{1f5fb}', '\ud800']], [[NIL, 'x'.repeat(10_000)]]])(
    'are version 5 UUIDs of their parts: %#',
    (parts) => {
      expect(deriveId(...parts)).toBe(v5(new TextEncoder().encode(parts.join('/')), namespace));
    },
  );

  it('have every variant that version 5 has, and no other', () => {
    const variants = new Set(Array.from({ length: 200 }, (_, i) => deriveId('variant', i).charAt(19)));
    expect([...variants].sort()).toEqual(['8', '9', 'a', 'b']);
  });
});
