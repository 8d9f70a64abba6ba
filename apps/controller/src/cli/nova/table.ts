import { own } from '@cairn/domain';

/** Text as wide as a terminal shows it: CJK and emoji take two columns, joined marks none. */
const widthOf = (text: string): number => {
  let width = 0;
  for (const char of text) {
    if (/\p{Mark}|\u200d|\ufe0f/u.test(char)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
        char,
      )
        ? 2
        : 1;
  }
  return width;
};

/** What a cell shows of a value, as python-novaclient writes it. */
export function cell(value: unknown): string {
  if (value === undefined || value === null) return '-';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // a control character would move the frame, or more
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ');
}

/** A table as python-novaclient's prettytable draws it: left-aligned, a frame around it. */
export function table(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const cells = [columns, ...rows].map((row) => row.map(cell));
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => widthOf(row[i] ?? ''))));
  const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`;
  const line = (row: readonly string[]): string =>
    `|${widths.map((width, i) => ` ${row[i] ?? ''}${' '.repeat(width - widthOf(row[i] ?? ''))} `).join('|')}|`;
  const [head = [], ...body] = cells;
  return `${[rule, line(head), rule, ...body.map(line), rule].join('\n')}\n`;
}

/** Headings, each with the field that its column shows. */
export type Columns = Readonly<Record<string, string>>;

/** Columns whose headings are the names of the fields. */
export const columnsOf = (...fields: readonly string[]): Columns =>
  Object.fromEntries(fields.map((field) => [field, field]));

/** Some fields of several things. */
export const tableOf = (columns: Columns, all: readonly Readonly<Record<string, unknown>>[]): string =>
  table(
    Object.keys(columns),
    all.map((one) => Object.values(columns).map((field) => own(one, field))),
  );

/** The fields of one thing by name, under a title. */
export const fieldsOf = (title: string, of: Readonly<Record<string, unknown>>): string =>
  table(
    [title, 'Value'],
    Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)),
  );

export const properties = (of: Readonly<Record<string, unknown>>): string => fieldsOf('Property', of);
