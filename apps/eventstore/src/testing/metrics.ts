import { request } from 'node:http';

/** What a metrics port answered. */
export interface MetricsAnswer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly text: string;
}

/** Asks a metrics port of this machine. */
export function askMetrics(port: number, path = '/metrics', method = 'GET'): Promise<MetricsAnswer> {
  return new Promise((done, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        done({ status: response.statusCode, type: response.headers['content-type'], text });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** The value of one sample of a page, named with its labels; undefined when the page has none. */
export function sample(page: string, name: string): number | undefined {
  const line = page.split('\n').find((text) => text.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}
