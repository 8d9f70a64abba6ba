import type { ImageChanges, ImageRecord, Visibility } from '@cairn/domain';

/**
 * What a property that Glance gives a meaning means for the record. The value has passed the schema. Undefined for names
 * that are not fields of the record.
 */
export function fieldOf(name: string, value: unknown): ImageChanges | undefined {
  switch (name) {
    case 'name':
      return { name: value as string | null };
    case 'visibility':
      return { visibility: value as Visibility };
    case 'disk_format':
      return { diskFormat: value as string | null };
    case 'container_format':
      return { containerFormat: value as string | null };
    case 'min_disk':
      return { minDiskGb: value as number };
    case 'min_ram':
      return { minRamMb: value as number };
    case 'protected':
      return { protected: value as boolean };
    case 'tags':
      return { tags: tagSet(value as readonly string[]) };
    default:
      return undefined;
  }
}

/** Tags are a set; kept in order, so that the same set is the same value. */
export const tagSet = (tags: readonly string[]): readonly string[] => [...new Set(tags)].sort();

/** A property as the record keeps it: as text (`os_hidden` is the one that is not). */
export const propertyText = (value: unknown): string =>
  typeof value === 'boolean' ? String(value) : (value as string);

/** The properties with one set; null, which the schema allows for a few, means that it is not there. */
export function withProperty(
  properties: ImageRecord['properties'],
  name: string,
  value: unknown,
): ImageRecord['properties'] {
  const { [name]: _old, ...others } = properties;
  return value === null ? others : { ...others, [name]: propertyText(value) };
}
