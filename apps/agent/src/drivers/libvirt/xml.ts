const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const CHARACTERS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(ENTITIES).map(([character, entity]) => [entity, character]),
);

/** A part of a document that is XML already. */
export class Xml {
  constructor(readonly text: string) {}
}

type Value = string | number | Xml | null | readonly Xml[];

function rendered(value: Value): string {
  if (value === null) return '';
  if (value instanceof Xml) return value.text;
  if (typeof value === 'object') return value.map((part) => part.text).join('\n');
  return escapeXml(String(value));
}

/** XML 1.0, production 2 (Char). */
function isForbidden(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  const control = code < 0x20 && character !== '\t' && character !== '\n' && character !== '\r';
  return control || (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff;
}

/**
 * Text as XML content or attribute value.
 * @throws RangeError for characters that XML 1.0 cannot carry in any form.
 */
export function escapeXml(text: string): string {
  if (Array.from(text).some(isForbidden)) throw new RangeError('not allowed in XML: a control character');
  return text.replace(/[&<>"']/g, (character) => own(ENTITIES, character) ?? character);
}

export const unescapeXml = (text: string): string =>
  text.replace(/&(?:amp|lt|gt|quot|apos);/g, (entity) => own(CHARACTERS, entity) ?? entity);

/** What an attribute of an element says, as libvirt writes it; null without such an attribute. */
export function attributeOf(element: string, name: string): string | null {
  const [, single, double] = new RegExp(`\\s${name}=(?:'([^']*)'|"([^"]*)")`).exec(element) ?? [];
  const found = single ?? double;
  return found === undefined ? null : unescapeXml(found);
}

/** Template tag: strings and numbers are escaped, `Xml` and lists of it go in as they are, null leaves the line out. */
export function xml(parts: TemplateStringsArray, ...values: readonly Value[]): Xml {
  const text = parts.reduce((done, part, i) => done + rendered(values[i - 1] ?? null) + part);
  return new Xml(text.replace(/^[ \t]*\n/gm, ''));
}
import { own } from '@cairn/domain';
