import { DomainError } from '@cairn/domain';

/** As messages name the flavor and the image. */
export interface Names {
  readonly flavor: string;
  readonly image: string;
}

/** Python's word for a boolean; others as they are. */
const shown = (value: string | boolean): string => (typeof value === 'string' ? value : value ? 'True' : 'False');

/**
 * What flavor and image say alike, or one of them alone.
 * @throws DomainError `invalid`, nova's FlavorImageConflict.
 */
export function agreed<T extends string | boolean>(
  key: string,
  flavor: T | undefined,
  image: T | undefined,
  names: Names,
  prefix = 'hw',
): T | undefined {
  if (flavor !== undefined && image !== undefined && flavor !== image)
    throw new DomainError(
      'invalid',
      'machine.conflict',
      `Flavor ${names.flavor} has ${prefix}:${key} extra spec explicitly set to ${shown(flavor)}, conflicting with image ` +
        `${names.image} which has ${prefix}_${key} explicitly set to ${shown(image)}.`,
    );
  return flavor ?? image;
}
