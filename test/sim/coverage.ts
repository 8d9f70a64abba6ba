import { type Phase, PHASES } from './processes';

/** A process's end as the incarnation words it: its phase, then the dealing. */
const DEATH = new RegExp(`^(${PHASES.join('|')}) (.*)$`);

/** What a dealing is, without which stream, which job or how many. */
const kindOf = (dealing: string): string =>
  dealing
    .replace(/ to \S+$/, '')
    .replace(/@\d+$|@no-stream$/, '')
    .replace(/[ -][0-9a-f]{8}$/, '')
    .replace(/ \d+$/, '');

/** How often a process died at each kind of dealing with the world: before it, after it was done, after it learnt that. */
export class Coverage {
  private readonly counts = new Map<string, Record<Phase, number>>();

  add(deaths: ReadonlyMap<string, number>): void {
    for (const [why, count] of deaths) {
      const [, phase, dealing] = DEATH.exec(why) ?? [];
      if (phase === undefined || dealing === undefined) continue;
      const kind = kindOf(dealing);
      const row = this.counts.get(kind) ?? { before: 0, unacknowledged: 0, acknowledged: 0 };
      row[phase as Phase] += count;
      this.counts.set(kind, row);
    }
  }

  /** Rows by kind, with the three counts. */
  rows(): readonly (readonly [string, Readonly<Record<Phase, number>>])[] {
    return [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** A table for people. */
  table(): string {
    const line = (kind: string, cells: readonly string[]): string =>
      `${kind.padEnd(72)}${cells.map((cell) => cell.padStart(10)).join('')}`;
    const rows = this.rows().map(([kind, row]) =>
      line(
        kind,
        PHASES.map((phase) => String(row[phase])),
      ),
    );
    return [line('a process died …', ['before', 'done', 'answered']), ...rows].join('\n');
  }
}
