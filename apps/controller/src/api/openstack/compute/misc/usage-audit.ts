import type { Instant } from '@cairn/domain';

const MOMENT = /^(\d{4})-(\d{1,2})-(\d{1,2})\s+(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,6}))?$/;

/** `2026-12-01 04:31:00`, perhaps with a fraction, in UTC: the only form that nova's route takes. */
export function readMoment(text: string): Instant | undefined {
  const [, year, ...parts] = MOMENT.exec(text) ?? [];
  if (year === undefined || year === '0000') return undefined;
  const [month = '', day = '', hour = '', minute = '', second = ''] = parts
    .slice(0, 5)
    .map((part) => part.padStart(2, '0'));
  const ms = (parts[5] ?? '').padEnd(3, '0').slice(0, 3);
  const at = `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`;
  const read = Date.parse(at);
  // the 30th of February is read as a day of March
  return !Number.isNaN(read) && new Date(read).toISOString() === at ? at : undefined;
}

export interface AuditPeriod {
  readonly begin: Instant;
  readonly end: Instant;
}

const firstOf = (year: number, month: number): Date => {
  const at = new Date(0);
  at.setUTCFullYear(year, month, 1);
  return at;
};

/** The last whole month that ended before a moment; one that ends at the moment itself has not. */
export function auditPeriodBefore(moment: Instant): AuditPeriod {
  const now = new Date(moment);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  const end = firstOf(year, month) < now ? month : month - 1;
  return { begin: firstOf(year, end - 1).toISOString(), end: firstOf(year, end).toISOString() };
}

const shown = (at: Instant): string => at.slice(0, 19).replace('T', ' ');

/** The task log of a period in which no host has counted. */
export const presentAudits = ({ begin, end }: AuditPeriod, hosts: readonly string[]): unknown => ({
  period_beginning: shown(begin),
  period_ending: shown(end),
  num_hosts: hosts.length,
  num_hosts_done: 0,
  num_hosts_running: 0,
  num_hosts_not_run: hosts.length,
  hosts_not_run: hosts,
  total_instances: 0,
  total_errors: 0,
  overall_status: `${hosts.length === 0 ? 'ALL' : `0 of ${String(hosts.length)}`} hosts done. 0 errors.`,
  log: {},
});
