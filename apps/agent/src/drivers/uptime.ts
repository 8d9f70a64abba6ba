import { loadavg, uptime } from 'node:os';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long it has been up, in the words of the `uptime` command. */
function upFor(seconds: number): string {
  const [days, hours, minutes] = [
    Math.floor(seconds / DAY),
    Math.floor((seconds % DAY) / HOUR),
    Math.floor((seconds % HOUR) / MINUTE),
  ];
  const clock = hours === 0 ? `${String(minutes)} min` : `${String(hours)}:${String(minutes).padStart(2, '0')}`;
  return days === 0 ? clock : `${String(days)} ${days === 1 ? 'day' : 'days'}, ${clock}`;
}

/**
 * A line as the `uptime` command prints it, which clients of nova take apart.
 * @param now ISO 8601.
 * @param loads of the last 1, 5 and 15 minutes.
 */
export function uptimeLine(now: string, upSeconds: number, loads: readonly number[]): string {
  const averages = loads.map((load) => load.toFixed(2)).join(', ');
  return ` ${now.slice(11, 19)} up ${upFor(upSeconds)},  0 users,  load average: ${averages}`;
}

/** Of this machine. Counts no user as logged in: logins on the host have nothing to do with its guests. */
export const machineUptime = (): string => uptimeLine(new Date().toISOString(), uptime(), loadavg());
