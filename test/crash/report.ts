import type { Round } from './trial';

const HEAD = [
  'round',
  'victim',
  'killed after',
  'log position',
  'asked',
  'in flight',
  'unanswered',
  'back ms',
  'recovered ms',
];

/** The rounds as a table, and their totals. */
export function report(rounds: readonly Round[], notCounted: number): string {
  const rows = rounds.map((round) => [
    round.seed,
    round.victim,
    `${String(round.afterEvents)} events`,
    round.position,
    String(round.asked),
    String(round.inFlight),
    String(round.unanswered),
    String(round.restartedMs),
    String(round.recoveredMs),
  ]);
  return [
    table([HEAD, ...rows]),
    '',
    ...summary(rounds),
    `${String(notCounted)} more rounds did not count: too little in flight`,
  ].join('\n');
}

function summary(rounds: readonly Round[]): readonly string[] {
  const victims = [...new Set(rounds.map(({ victim }) => victim))].sort();
  const rows = [
    ...victims.map((victim) => [victim, rounds.filter((round) => round.victim === victim)] as const),
    ['all', rounds] as const,
  ];
  return [
    table([
      ['victim', 'rounds', 'in flight (least, mean)', 'unanswered', 'recovered ms (median, most)'],
      ...rows.map(([name, of]) => {
        const inFlight = of.map((round) => round.inFlight);
        const recovered = of.map(({ recoveredMs }) => recoveredMs).sort((a, b) => a - b);
        const mean = sum(inFlight) / Math.max(1, of.length);
        return [
          name,
          String(of.length),
          `${String(Math.min(...inFlight))}, ${mean.toFixed(1)}`,
          String(sum(of.map(({ unanswered }) => unanswered))),
          `${String(recovered[Math.floor(recovered.length / 2)] ?? 0)}, ${String(recovered.at(-1) ?? 0)}`,
        ];
      }),
    ]),
  ];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
