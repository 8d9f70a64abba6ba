import type { UsersClient } from '@eventstore/db-client/generated/users_grpc_pb';
import * as users from '@eventstore/db-client/generated/users_pb';
import type { Metadata, ServiceError } from '@grpc/grpc-js';

export interface CallerLogin {
  readonly login: string;
  readonly password: string;
  readonly caFile: string;
}

/** The connection string with a login in it, for the official client; without a login for nobody in particular. */
export function urlFor(
  url: string,
  { caFile, login, password = '' }: Partial<CallerLogin> & { caFile: string },
): string {
  const user = login === undefined ? '' : `${encodeURIComponent(login)}:${encodeURIComponent(password)}@`;
  return `${url.replace('://', `://${user}`)}&tlsCAFile=${encodeURIComponent(caFile)}`;
}

/** What became of a call with one answer. */
export function answered(send: (answer: (error: ServiceError | null) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    send((error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}

/** @param about nobody: all users */
export function userDetails(
  client: UsersClient,
  about: string,
  by: Metadata,
): Promise<readonly users.DetailsResp.UserDetails.AsObject[]> {
  const request = new users.DetailsReq();
  if (about !== '') request.setOptions(new users.DetailsReq.Options().setLoginName(about));
  const answers = client.details(request, by);
  return new Promise((resolve, reject) => {
    const found: users.DetailsResp.UserDetails.AsObject[] = [];
    answers.on('data', (response: users.DetailsResp) => {
      const user = response.getUserDetails();
      if (user !== undefined) found.push(user.toObject());
    });
    answers.on('error', reject);
    answers.on('end', () => {
      resolve(found);
    });
  });
}
