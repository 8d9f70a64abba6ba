import { DEFAULT_DOMAIN } from '../../../../identity/domains';
import type { Login, Proof } from '../../../../application/token/logins';
import type { Ref } from '../../../../identity/directory';
import { HttpProblem } from '../../../http';
import type { TokensBody } from './tokens.dto';

const expecting = (attribute: string, target: string): HttpProblem =>
  new HttpProblem(
    400,
    `Expecting to find ${attribute} in ${target}. The server could not comply with the request since it is either ` +
      'malformed or otherwise incorrect. The client is assumed to be in error.',
  );

/** Everyone whom v2.0 knows is in the default domain. */
const byName = (name: string): Ref => ({ name, domainId: DEFAULT_DOMAIN.id });

function proofOf({ passwordCredentials, token }: TokensBody['auth']): Proof {
  if (token) return { kind: 'token', token: token.id };
  if (!passwordCredentials) throw expecting('passwordCredentials or token', 'auth');
  const { username, userId, password } = passwordCredentials;
  if (userId) return { kind: 'password', user: { id: userId }, password };
  if (!username) throw expecting('username or userId', 'passwordCredentials');
  return { kind: 'password', user: byName(username), password };
}

/** What a v2.0 request for a token asks. An empty tenant is none, as old clients send it. @throws HttpProblem 400. */
export function loginOf({ auth }: TokensBody): Login {
  const proofs = [proofOf(auth)];
  if (auth.tenantId) return { proofs, project: { id: auth.tenantId } };
  return { proofs, project: auth.tenantName ? byName(auth.tenantName) : 'default' };
}
