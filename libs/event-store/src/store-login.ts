/** How a client proves to a store with TLS and users who it is, and the store to the client. */
export interface StoreLogin {
  readonly user: string;
  readonly password: string;
  /** PEM file of the authority that signed the store's certificate; null for those that Node.js trusts. */
  readonly caFile: string | null;
}

/**
 * The connection string with the login in it, as the client wants it. It holds a password: for the client only, never
 * for a log, a file or an argument.
 * @throws Error when the URL asks for no TLS: the client would leave the credentials out without a word
 */
export function withLogin(url: string, { user, password, caFile }: StoreLogin): string {
  if (isInsecure(url)) throw new Error('a store that asks for a user must be reached by TLS (tls=true)');
  const [scheme = '', rest = ''] = url.split('://', 2);
  const ca = caFile === null ? '' : `${rest.includes('?') ? '&' : '?'}tlsCAFile=${encodeURIComponent(caFile)}`;
  return `${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${rest}${ca}`;
}

const isInsecure = (url: string): boolean => /[?&]tls=false(&|$)/i.test(url);
