/** How often each operation was answered by which status. */
export class Coverage {
  private readonly counts = new Map<string, Map<number, number>>();

  note(key: string, status: number, times = 1): void {
    const of = this.counts.get(key) ?? new Map<number, number>();
    this.counts.set(key, of.set(status, (of.get(status) ?? 0) + times));
  }

  add(other: Coverage): void {
    for (const [key, counts] of other.counts) for (const [status, times] of counts) this.note(key, status, times);
  }

  /** How often it was granted. */
  granted(key: string): number {
    const of = [...(this.counts.get(key) ?? [])];
    return of.reduce((sum, [status, times]) => sum + (status < 400 ? times : 0), 0);
  }

  count(key: string, status: number): number {
    return this.counts.get(key)?.get(status) ?? 0;
  }

  get total(): number {
    return [...this.counts.values()].flatMap((of) => [...of.values()]).reduce((sum, times) => sum + times, 0);
  }

  /** A line for each of the operations: `compute GET /limits: 200 × 12, 404 × 3`. */
  table(keys: readonly string[]): string {
    return keys
      .map((key) => {
        const of = [...(this.counts.get(key) ?? [])].sort(([a], [b]) => a - b);
        return `${key}: ${of.map(([status, times]) => `${String(status)} × ${String(times)}`).join(', ') || 'never asked'}`;
      })
      .join('\n');
  }
}
