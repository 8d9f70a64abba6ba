import { isSecure, type StoreConnection } from './connection';

interface Fault {
  readonly what: string;
  /** Whether it may be over in a moment by itself. */
  readonly passing: boolean;
}

type Rule = (node: string, connection: StoreConnection) => Fault | undefined;

const always =
  (what: (node: string, connection: StoreConnection) => string, passing = false): Rule =>
  (node, connection) => ({ what: what(node, connection), passing });

const authorityOf = ({ tlsCAFile }: StoreConnection): string =>
  tlsCAFile === undefined ? 'an authority that Node.js trusts (no tlsCAFile is set)' : `the authority in ${tlsCAFile}`;

/** What gRPC's words for a connection that failed mean, by Node.js' and OpenSSL's words in them. */
const RULES: readonly (readonly [RegExp, Rule])[] = [
  [
    /wrong version number|packet length too long|EPROTO/i,
    always((node) => `${node} speaks no TLS: set tls=false, or give the server a certificate`),
  ],
  [
    /unable to (verify|get)|self.signed/i,
    always(
      (node, connection) =>
        `the certificate of ${node} is not signed by ${authorityOf(connection)}: set tlsCAFile to its authority's`,
    ),
  ],
  [/altnames|does not match/i, always((node) => `the certificate of ${node} is for another name: use that in the URL`)],
  [/certificate has expired/i, always((node) => `the certificate of ${node} has expired: renew it`)],
  [/no start line|PEM|bad base64/i, always((_, connection) => `${authorityOf(connection)} is no certificate in PEM`)],
  [/ENOTFOUND|EAI_AGAIN|Name resolution/i, always((node) => `${node}: nobody knows that name: correct it`, true)],
  [
    /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/i,
    always((node) => `nothing answers at ${node}: start the server, or correct the address`, true),
  ],
  [/Server Is Not Ready/i, always((node) => `${node} is not ready: wait until it has started`, true)],
  [
    /Failed to discover/i,
    always(
      (node) => `no leader could be found by ${node}: start the nodes, or correct the addresses that they tell`,
      true,
    ),
  ],
];

/** What an error of the client means for a person who set up the connection. It names no secret. */
export function faultOf(error: unknown, connection: StoreConnection, node: string): Fault {
  const said = error instanceof Error ? error.message : String(error);
  for (const [words, rule] of RULES) {
    const fault = words.test(said) ? rule(node, connection) : undefined;
    if (fault !== undefined) return fault;
  }
  // a server that wants TLS closes the connection of one that does not speak it
  if (!isSecure(connection) && /Failed to connect|Connection dropped|ECONNRESET|Protocol error/i.test(said))
    return { what: `${node} does not answer without TLS: set tls=true, and tlsCAFile`, passing: false };
  return { what: `${node} cannot be used: ${said.split('\n', 1)[0] ?? ''}`, passing: true };
}
