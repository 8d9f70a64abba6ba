import { bad } from './glance-lists';

/** `a,"b,c"`: commas in quotes belong to the value, and a backslash takes the meaning from a quote. */
const VALUE = /"((?:[^"\\]|\\.)*)",?|([^,]+),?|,/gs;

/**
 * The values of Glance's `in:` operator.
 * @throws HttpProblem 400 in Glance's words for quotes that do not enclose whole values.
 */
export function splitList(text: string): readonly string[] {
  requireWholeQuotes(text);
  return [...text.matchAll(VALUE)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

function requireWholeQuotes(text: string): void {
  const refused = (why: string): Error => bad(`Invalid filter value ${text}. ${why}`);
  let open = false;
  for (const { index } of text.matchAll(/(?<!\\)"/g)) {
    const [before, after] = [text[index - 1], text[index + 1]];
    if (!open && before !== undefined && before !== ',')
      throw refused('There is no comma before opening quotation mark.');
    if (open && after !== undefined && after !== ',') throw refused('There is no comma after closing quotation mark.');
    open = !open;
  }
  if (open) throw refused('The quote is not closed.');
}
