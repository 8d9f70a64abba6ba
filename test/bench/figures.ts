/** One measured figure. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What the figure should at least (`more`) or at most (`less`) be. */
  readonly bar?: number;
  readonly better: 'less' | 'more';
  /** The same work on OpenStack Zed with 20 simulated hosts, on two such cores. */
  readonly openstack?: number;
  /** What the figure is made of. */
  readonly note?: string;
}

const text = (value: number): string => value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);

/** How many times better than OpenStack, whichever way better is. */
function ratio({ value, openstack, better }: Figure): string {
  if (openstack === undefined) return '';
  return `${text(better === 'less' ? openstack / value : value / openstack)} x`;
}

function verdict({ value, bar, better }: Figure): string {
  if (bar === undefined) return '';
  return (better === 'less' ? value <= bar : value >= bar) ? 'met' : 'MISSED';
}

/** The figures as a Markdown table. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.what,
    `${text(figure.value)} ${figure.unit}`,
    figure.bar === undefined ? '' : `${figure.better === 'less' ? '≤' : '≥'} ${String(figure.bar)}`,
    verdict(figure),
    figure.openstack === undefined ? '' : text(figure.openstack),
    ratio(figure),
    figure.note ?? '',
  ]);
  const head = ['work', 'Cairn', 'bar', '', 'OpenStack Zed', 'ratio', 'of it'];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The p-th part of sorted values, 0.5 for the median; NaN of none. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? NaN;
}
