import { domainById, domainByName } from '../../../../identity/domains';
import type { Login, Proof } from '../../../../application/token/logins';
import type { Ref } from '../../../../identity/directory';
import { HttpProblem } from '../../../http';
import type { AuthBody, DomainRefDto, ProjectRefDto } from './auth.dto';

const missing = (attribute: string, target: string): HttpProblem =>
  new HttpProblem(
    400,
    `Expecting to find ${attribute} in ${target}. The server could not comply with the request since it is either ` +
      'malformed or otherwise incorrect. The client is assumed to be in error.',
  );

/** A domain that is not there has no users: the id goes on to where nobody is found, in the same time. */
function domainIdOf({ id, name }: DomainRefDto, target: string): string {
  if (typeof id === 'string') return domainById(id)?.id ?? '';
  if (typeof name === 'string') return domainByName(name)?.id ?? '';
  throw missing('id or name', target);
}

function refOf(given: Pick<ProjectRefDto, 'id' | 'name' | 'domain'>, target: string): Ref {
  if (typeof given.id === 'string') return { id: given.id };
  if (typeof given.name !== 'string') throw missing('id or name', target);
  if (!given.domain) throw missing('domain', target);
  return { name: given.name, domainId: domainIdOf(given.domain, 'domain') };
}

function proofsOf({ methods, password, token }: AuthBody['auth']['identity']): readonly Proof[] {
  return methods.map((method): Proof => {
    if (method === 'password') {
      if (!password) throw missing('password', 'identity');
      return { kind: 'password', user: refOf(password.user, 'user'), password: password.user.password };
    }
    if (method === 'token') {
      if (!token) throw missing('token', 'identity');
      return { kind: 'token', token: token.id };
    }
    throw new HttpProblem(401, 'Attempted to authenticate with an unsupported method.');
  });
}

/**
 * What a v3 request for a token asks.
 * @throws HttpProblem 400 for what is missing, 401 for methods and scopes that this cloud does not have.
 */
export function loginOf({ auth: { identity, scope } }: AuthBody): Login {
  const proofs = proofsOf(identity);
  if (!scope) return { proofs, project: 'default' };
  if (scope.project) return { proofs, project: refOf(scope.project, 'project') };
  // Nobody has a role on a domain or on the system.
  if (scope.domain || scope.system) throw new HttpProblem(401);
  return { proofs, project: null };
}
