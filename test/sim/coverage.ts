import { SELDOM, type Step, STEPS } from './effect-steps';
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

/** The name under which deaths at a step of an effect are counted. */
export const crashKey = (step: Step, phase: Phase): string => `${phase} ${step}`;

type Row = Record<Phase, number>;

/** How often a process died where. */
export class Coverage {
  private readonly steps = new Map<string, Row>();
  private readonly dealings = new Map<string, Row>();

  constructor() {
    for (const step of STEPS) this.steps.set(step, { before: 0, unacknowledged: 0, acknowledged: 0 });
  }

  add({ deaths, crashes }: Pick<CoverageOfOne, 'deaths' | 'crashes'>): void {
    count(this.steps, crashes, (step) => step);
    count(this.dealings, deaths, kindOf);
  }

  /** Steps of effects at which no process died in one of the three ways; empty is the goal. */
  gaps(): readonly string[] {
    return this.expected().flatMap(([step, row]) =>
      PHASES.filter((phase) => row[phase] === 0).map((phase) => `${step}: ${TITLES[phase]}`),
    );
  }

  /** Steps of effects at which no process died in any way. */
  untouched(): readonly string[] {
    return this.expected()
      .filter(([, row]) => PHASES.every((phase) => row[phase] === 0))
      .map(([step]) => step);
  }

  private expected(): readonly (readonly [string, Row])[] {
    return [...this.steps].filter(([step]) => !SELDOM.some((effect) => step.startsWith(`${effect} `)));
  }

  /** By step of an effect, for people. */
  stepTable(): string {
    return table('a process died at a step of an effect …', [...this.steps]);
  }

  /** By each kind of dealing with the world, for people. */
  dealingTable(): string {
    return table(
      'a process died at a dealing with the world …',
      [...this.dealings].sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }
}

interface CoverageOfOne {
  readonly deaths: ReadonlyMap<string, number>;
  readonly crashes: ReadonlyMap<string, number>;
}

const TITLES: Readonly<Record<Phase, string>> = {
  before: 'before it',
  unacknowledged: 'after it, unanswered',
  acknowledged: 'after its answer',
};

function count(rows: Map<string, Row>, counts: ReadonlyMap<string, number>, kind: (what: string) => string): void {
  for (const [why, times] of counts) {
    const [, phase, what] = DEATH.exec(why) ?? [];
    if (phase === undefined || what === undefined) continue;
    const row = rows.get(kind(what)) ?? { before: 0, unacknowledged: 0, acknowledged: 0 };
    row[phase as Phase] += times;
    rows.set(kind(what), row);
  }
}

function table(title: string, rows: readonly (readonly [string, Row])[]): string {
  const line = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(56)}${cells.map((cell) => cell.padStart(22)).join('')}`;
  const lines = rows.map(([name, row]) =>
    line(
      name,
      PHASES.map((phase) => String(row[phase])),
    ),
  );
  return [
    line(
      title,
      PHASES.map((phase) => TITLES[phase]),
    ),
    ...lines,
  ].join('\n');
}
