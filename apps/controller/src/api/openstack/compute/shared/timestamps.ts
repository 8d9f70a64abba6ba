import type { Instant } from '@cairn/domain';

/** nova writes moments in three ways. The log has milliseconds; the three digits behind them are 0. */

/** `2013-09-03T04:01:32Z`: created and updated of servers. */
export const seconds = (at: Instant): string => `${at.slice(0, 19)}Z`;

/** `2013-09-23T13:37:00.880000`, UTC without saying so: launched_at, start_time, updated_at of services. */
export const micros = (at: Instant): string => `${at.slice(0, 23)}000`;

export const microsOrNull = (at: Instant | null): string | null => (at === null ? null : micros(at));

/**
 * A moment as clients send it: ISO 8601 with or without zone, with space or `T`; without a zone it is UTC.
 * @returns undefined when it is none.
 */
export function parseMoment(text: string): Instant | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    text.trim(),
  );
  if (match === null) return undefined;
  const [, date = '', time = '00:00', zone = 'Z'] = match;
  const withColon = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const ms = Date.parse(`${date}T${time.replace(/(\.\d{3})\d+/, '$1')}${withColon}`);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
