import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';

import type { TestCertificates } from '../support/certificates';

const GUIDE = resolve(__dirname, '../../docs/operators-guide.md');

/** The guide's example for nginx, with the test's own addresses in the place of the guide's. */
export function guideExample(replaced: Readonly<Record<string, string>>): string {
  const lines = readFileSync(GUIDE, 'utf8').split('\n');
  const first = lines.findIndex((line) => line.includes('# /etc/nginx/sites-enabled/cairn'));
  const length = lines.slice(first).findIndex((line) => line !== '' && !line.startsWith('    '));
  let text = lines.slice(first, first + length).join('\n');
  for (const [from, to] of Object.entries(replaced)) {
    if (!text.includes(from)) throw new Error(`the guide's example has no ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** nginx as Debian has it, unpacked into a folder of the test's and not installed. */
export class Nginx {
  private process: ChildProcess | undefined;

  constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  async start(site: string): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    execFileSync('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', 'nginx'], {
      cwd: this.folder,
      stdio: 'pipe',
    });
    execFileSync('bash', ['-c', 'dpkg -x nginx_*.deb root && mkdir -p logs'], { cwd: this.folder });
    const config = join(this.folder, 'nginx.conf');
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((kind) => `${kind}_temp_path ${join(this.folder, kind)};`)
      .join('\n');
    const main = `daemon off;\nuser root;\npid ${join(this.folder, 'pid')};\nevents {}\nhttp {\naccess_log off;\n${paths}\n`;
    writeFileSync(config, `${main}${site}\n}\n`);
    const program = join(this.folder, 'root/usr/sbin/nginx');
    this.process = spawn(program, ['-p', this.folder, '-e', 'stderr', '-c', config], { stdio: 'inherit' });
    await this.listens();
  }

  async stop(): Promise<void> {
    const { process } = this;
    if (process?.exitCode !== null) return;
    const ended = new Promise((done) => process.once('exit', done));
    process.kill('SIGTERM');
    await ended;
  }

  private async listens(): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      const open = await new Promise<boolean>((done) => {
        const socket = connect(this.port, '127.0.0.1', () => {
          done(true);
        });
        socket.once('error', () => {
          done(false);
        });
        socket.once('connect', () => socket.destroy());
      });
      if (open) return;
      await new Promise((pause) => setTimeout(pause, 100));
    }
    throw new Error(`nginx does not listen on port ${String(this.port)}`);
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** Asks over TLS, trusting the test's own authority. */
export function ask(
  method: string,
  url: string,
  { caFile }: Pick<TestCertificates, 'caFile'>,
  headers: Readonly<Record<string, string>> = {},
  body?: unknown,
): Promise<Answer> {
  return new Promise((done, fail) => {
    const sent = request(
      url,
      { method, ca: readFileSync(caFile), headers: { ...headers, ...(body === undefined ? {} : JSON_BODY) } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isJson = (answer.headers['content-type'] ?? '').includes('json') && text !== '';
          const { statusCode: status = 0, headers: answered } = answer;
          done({ status, headers: answered, body: isJson ? (JSON.parse(text) as unknown) : text });
        });
      },
    );
    sent.on('error', fail);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const JSON_BODY = { 'content-type': 'application/json' };

/** Every URL that an answer names, wherever it stands in it; nova's bookmarks apart, which lead nowhere in nova either. */
export function urlsIn(value: unknown, bookmarks = false): readonly string[] {
  if (typeof value === 'string') return /^https?:\/\//.test(value) && !bookmarks ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  const isBookmark = 'rel' in value && value.rel === 'bookmark';
  if (isBookmark !== bookmarks && 'rel' in value) return [];
  if (isBookmark && 'href' in value) return [String(value.href)];
  return Object.values(value).flatMap((inner) => urlsIn(inner, bookmarks));
}
