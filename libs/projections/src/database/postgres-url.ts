/** What `pg` is told of a server. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly ssl: boolean | { readonly rejectUnauthorized: false };
}

const TLS: Readonly<Record<string, Server['ssl']>> = {
  disable: false,
  require: { rejectUnauthorized: false },
  'verify-full': true,
};

/**
 * Reads `postgresql://user@host:port/database?host=/socket/directory&sslmode=verify-full`, as libpq does. The password is
 * not in it: it would be seen wherever the URL is.
 * @throws Error that says what is wrong with it.
 */
export function serverOf(url: string): Server {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['postgres:', 'postgresql:'].includes(parsed.protocol)) {
    throw new Error('not a postgresql:// URL');
  }
  if (parsed.password !== '') throw new Error('the URL must not hold a password');
  const { host = parsed.hostname, sslmode = 'disable', ...others } = Object.fromEntries(parsed.searchParams);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new Error(`${unknown} is not understood in the URL, only host and sslmode`);
  const ssl = own(TLS, sslmode);
  if (ssl === undefined) throw new Error(`sslmode must be one of ${Object.keys(TLS).join(', ')}`);
  const [user, database] = [decodeURIComponent(parsed.username), decodeURIComponent(parsed.pathname.slice(1))];
  if (user === '' || database === '' || host === '') throw new Error('the URL must name a user, a host and a database');
  return { host, port: Number(parsed.port === '' ? 5432 : parsed.port), user, database, ssl };
}
import { own } from '@cairn/domain';
