import { isSecure, type StoreConnection } from './connection';

interface Fault {
  readonly what: string;
  /** Whether it may be over in a moment by itself. */
  readonly passing: boolean;
}

/** What it means where gRPC's words for a failed connection hold those of Node.js or OpenSSL. */
interface Rule extends Pick<Fault, 'passing'> {
  readonly words: RegExp;
  readonly what: (node: string, connection: StoreConnection) => string;
}

const authorityOf = ({ tlsCAFile }: StoreConnection): string =>
  tlsCAFile === undefined ? 'an authority that Node.js trusts (no tlsCAFile is set)' : `the authority in ${tlsCAFile}`;

const RULES: readonly Rule[] = [
  {
    words: /wrong version number|packet length too long|EPROTO/i,
    what: (node) => `${node} speaks no TLS: set tls=false, or give the server a certificate`,
    passing: false,
  },
  {
    words: /unable to (verify|get)|self.signed/i,
    what: (node, connection) =>
      `the certificate of ${node} is not signed by ${authorityOf(connection)}: set tlsCAFile to its authority's`,
    passing: false,
  },
  {
    words: /altnames|does not match/i,
    what: (node) => `the certificate of ${node} is for another name: use that in the URL`,
    passing: false,
  },
  {
    words: /certificate has expired/i,
    what: (node) => `the certificate of ${node} has expired: renew it`,
    passing: false,
  },
  {
    words: /no start line|PEM|bad base64/i,
    what: (_, connection) => `${authorityOf(connection)} is no certificate in PEM`,
    passing: false,
  },
  {
    words: /ENOTFOUND|EAI_AGAIN|Name resolution/i,
    what: (node) => `${node}: nobody knows that name: correct it`,
    passing: true,
  },
  {
    words: /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/i,
    what: (node) => `nothing answers at ${node}: start the server, or correct the address`,
    passing: true,
  },
  {
    words: /Server Is Not Ready/i,
    what: (node) => `${node} is not ready: wait until it has started`,
    passing: true,
  },
  {
    words: /Failed to discover/i,
    what: (node) => `no leader could be found by ${node}: start the nodes, or correct the addresses that they tell`,
    passing: true,
  },
];

/** What an error of the client means for a person who set up the connection. It names no secret. */
export function faultOf(error: unknown, connection: StoreConnection, node: string): Fault {
  const said = error instanceof Error ? error.message : String(error);
  const rule = RULES.find(({ words }) => words.test(said));
  if (rule !== undefined) return { what: rule.what(node, connection), passing: rule.passing };
  // a server that wants TLS closes the connection of one that does not speak it
  if (!isSecure(connection) && /Failed to connect|Connection dropped|ECONNRESET|Protocol error/i.test(said))
    return { what: `${node} does not answer without TLS: set tls=true, and tlsCAFile`, passing: false };
  return { what: `${node} cannot be used: ${said.split('\n', 1)[0] ?? ''}`, passing: true };
}
