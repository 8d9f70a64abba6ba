/** What a metrics port answered. */
export interface MetricsAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

/** Asks a metrics port of this machine. */
export async function askMetrics(port: number, path = '/metrics', method = 'GET'): Promise<MetricsAnswer> {
  const answer = await fetch(`http://127.0.0.1:${String(port)}${path}`, { method });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
}

/** The value of one sample of a page, named with its labels; undefined when the page has none. */
export function sample(page: string, name: string): number | undefined {
  const line = page.split('\n').find((text) => text.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}
