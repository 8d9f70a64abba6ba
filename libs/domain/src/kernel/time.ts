/** A moment as ISO 8601 in UTC with milliseconds (`2026-11-22T12:00:00.000Z`). Two of them compare as strings. */
export type Instant = string;

export const later = (at: Instant, ms: number): Instant => new Date(Date.parse(at) + ms).toISOString();

export const isAfter = (a: Instant, b: Instant): boolean => a > b;
