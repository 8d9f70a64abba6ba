/** Where nothing but the characters themselves counts. */
const PLAIN = /^[ -~]*$/;
/** Belongs to the letter before it. */
const COMBINING = /^\p{M}/u;

/** The comparison of .NET without a culture: composed and decomposed letters are equal, controls and joiners are nothing. */
const collator = new Intl.Collator('en', { sensitivity: 'variant', ignorePunctuation: false });

/**
 * Whether a name begins with a prefix by the rules of EventStoreDB's server, whose `StartsWith` compares by culture: a
 * soft hyphen or a NUL counts for nothing on either side, and "e" is no prefix of "e" with an accent behind it.
 */
export function hasPrefix(name: string, prefix: string): boolean {
  if (PLAIN.test(prefix) && PLAIN.test(name)) return name.startsWith(prefix);
  for (let end = 0; end <= name.length; end += 1) {
    if (COMBINING.test(name.slice(end))) continue;
    const order = collator.compare(name.slice(0, end), prefix);
    if (order >= 0) return order === 0;
  }
  return false;
}
