import { DomainError, type ExtraSpecs, type FlavorSpec, type Hardware, type ImageProperties, own } from '@cairn/domain';

import type { Names } from './agreed';
import { NotAValue, type Values } from './values';

/** What a server's virtual machine is made of. */
export interface Parts {
  readonly flavor: FlavorSpec;
  readonly extraSpecs: ExtraSpecs;
  readonly image: { readonly name: string; readonly properties: ImageProperties };
}

type ValuesByName = Readonly<Record<string, Values<unknown>>>;
type Read<V> = { readonly [K in keyof V]?: V[K] extends Values<infer T> ? T : never };

/** What a rule goes by: the values of its names, as far as they are set. */
interface Asked<I, F> extends Pick<Parts, 'flavor'> {
  readonly names: Names;
  readonly image: Read<I>;
  readonly specs: Read<F>;
}

/** One row of the table: names of image properties and extra specs, and what they make of the machine. */
export interface Rule {
  readonly image: ValuesByName;
  readonly specs: ValuesByName;
  /** For people: what a guest gets of it. */
  readonly effect: string;
  /** @throws DomainError `invalid`, in nova's words. */
  gives(parts: Parts): Hardware;
}

interface Definition<I, F> {
  readonly image?: I;
  readonly specs?: F;
  readonly effect: string;
  gives(asked: Asked<I, F>): Hardware;
}

const NONE = {};

/** @param definition `gives` may throw a DomainError for values that do not go together. */
export const rule = <I extends ValuesByName = typeof NONE, F extends ValuesByName = typeof NONE>(
  definition: Definition<I, F>,
): Rule => {
  const { image = NONE as I, specs = NONE as F, effect } = definition;
  return {
    image,
    specs,
    effect,
    gives: (parts) =>
      definition.gives({
        flavor: parts.flavor,
        names: { flavor: parts.flavor.name, image: parts.image.name },
        image: read(image, parts.image.properties, 'Invalid image metadata.'),
        specs: read(specs, parts.extraSpecs, 'Invalid flavor extra spec.'),
      }),
  };
};

function read<V extends ValuesByName>(values: V, texts: Readonly<Record<string, string>>, what: string): Read<V> {
  const found = Object.entries(values).flatMap(([name, kind]) => {
    const text = own(texts, name);
    return text === undefined ? [] : [[name, readOne(kind, text, what)] as const];
  });
  return Object.fromEntries(found) as Read<V>;
}

function readOne(kind: Values<unknown>, text: string, what: string): unknown {
  try {
    return kind.read(text);
  } catch (error) {
    if (!(error instanceof NotAValue)) throw error;
    throw new DomainError('invalid', 'machine.not-a-value', `${what} Error: ${error.message}`);
  }
}
