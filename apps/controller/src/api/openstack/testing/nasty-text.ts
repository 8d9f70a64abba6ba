import fc from 'fast-check';

/** Keys that every object inherits, that JSON, promises or class libraries give a meaning, or that look like numbers. */
export const INHERITED = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  '__lookupSetter__',
  'then',
  'toJSON',
  'length',
  '0',
  '4294967295',
];

/** Texts that some layer could change, cut, escape, fold, count differently or take for something else. */
export const NASTY = [
  'plain',
  '😀'.repeat(64),
  'e\u0301 is not \u00e9',
  '👩‍👩‍👧 \u200c',
  'مرحبا 世界 ﬁ ŉ ß İ',
  "'; DROP TABLE server_v2; --",
  '<b>&amp;</b> "quoted" \\u0000 \\ %s %00 ${x}',
  'null',
  ...INHERITED,
];

/** Texts that are no name anywhere; some of them are values. */
export const NO_NAMES = [
  '',
  ' ',
  ' a',
  'a\u00a0',
  'a\nb',
  'a\tb',
  '\u0001',
  'a\u001b[31m',
  'a\u202eb',
  '\ufeffa',
  'a\u2028b',
  '\ue000',
];

/** Texts that nothing can store. */
export const UNSTORABLE = ['\0', 'a\0b', '\ud83d', 'a\udc00b'];

/** Random text that is likely to hold what the rules speak of. */
export const randomText = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom('a', ' ', '\u00a0', '\u200d', '\u0000', '\ud800', '😀', '\n', '\u0301', '\u2029', '\u00ad'),
  }),
);
