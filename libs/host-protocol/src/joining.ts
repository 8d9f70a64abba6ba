/** How a machine becomes a host of the cloud: two calls to the controller's TLS port, without a credential. */

/** GET: the certificate of the cloud's authority as PEM, to be checked against the token's fingerprint. */
export const AUTHORITY_PATH = '/v1/authority';
/** POST {@link JoinRequest}, answered with {@link JoinAnswer} once per token; 403 afterwards. */
export const JOIN_PATH = '/v1/hosts';

export interface JoinRequest {
  readonly hostId: string;
  readonly secret: string;
  /** PKCS #10, PEM. Only its key counts. */
  readonly certificateRequest: string;
}

export interface JoinAnswer {
  readonly name: string;
  /** PEM, signed by the authority, for the key of the request. */
  readonly certificate: string;
  /** Bearer token for the controller. */
  readonly token: string;
  readonly eventStore: {
    readonly url: string;
    readonly user: string;
    readonly password: string;
    /** PEM of the authorities that it is believed by; not given: the cloud's own. */
    readonly authority?: string;
  };
  readonly redis: { readonly url: string; readonly user: string; readonly password: string };
}

export interface JoinToken {
  readonly hostId: string;
  readonly secret: string;
  /** SHA-256 of the authority's certificate (DER), in hexadecimal: a server with another one is not the cloud. */
  readonly authority: string;
}

/** A token as the operator carries it from one machine to the other; undefined for any other text. */
export function parseJoinToken(text: string): JoinToken | undefined {
  const [, hostId, secret, authority] = /^([0-9a-f-]{36})\.([0-9a-f]{64})\.([0-9a-f]{64})$/.exec(text) ?? [];
  if (hostId === undefined || secret === undefined || authority === undefined) return undefined;
  return { hostId, secret, authority };
}
