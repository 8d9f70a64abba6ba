import {
  Metadata,
  ServerInterceptingCall,
  ServerListenerBuilder,
  status,
  type ServerInterceptor,
  type StatusObject,
} from '@grpc/grpc-js';
import type { Authenticator, Login, Refusal } from './authenticator';
import type { LoggedIn } from './callers';
import type { UserDirectory } from './user-directory';

export interface AuthenticationParts {
  readonly authenticator: Authenticator;
  readonly users: UserDirectory;
  readonly callers: LoggedIn;
}

/** Open to anonymous callers: the official client remembers a failure of these for life, and they reveal nothing. */
const OPEN = ['/event_store.client.server_features.ServerFeatures/', '/event_store.client.gossip.Gossip/'];

const refused = (code: status, details: string): StatusObject => ({ code, details, metadata: new Metadata() });

/**
 * Lets a call in when its credentials are good, before its handler sees anything of it. A call without credentials goes
 * on as nobody's, and is told what nobody may not do. A user that is changed loses the calls that are open: what a
 * subscription or a stream of appends may do was decided for the user as it was.
 */
export function authentication(parts: AuthenticationParts): ServerInterceptor {
  return (method, call) => {
    if (OPEN.some((prefix) => method.path.startsWith(prefix))) return new ServerInterceptingCall(call);
    let open = true;
    let unwatch = (): void => undefined;
    const forget = (): void => {
      open = false;
      unwatch();
    };
    const listener = new ServerListenerBuilder().withOnReceiveMetadata((metadata, next) => {
      const [header] = metadata.get('authorization');
      if (typeof header !== 'string') {
        next(metadata);
        return;
      }
      const settle = (result: Login | Refusal): void => {
        if (!open) return;
        if (result === 'busy') call.sendStatus(refused(status.UNAVAILABLE, 'too many logins at once'));
        else if (result === 'bad-credentials')
          call.sendStatus(refused(status.UNAUTHENTICATED, 'the user or the password is wrong'));
        else {
          parts.callers.remember(metadata, result.user.loginName, result.user.groups);
          if (method.requestStream || method.responseStream) {
            unwatch = watch(parts, result, () => {
              call.sendStatus(refused(status.UNAUTHENTICATED, 'the user was changed'));
            });
          }
          next(metadata);
        }
      };
      const checked = parts.authenticator.check(header);
      if (checked instanceof Promise) void checked.then(settle);
      else settle(checked);
    });
    const whole = listener.withOnCancel(forget);
    return new ServerInterceptingCall(call, {
      start: (next) => {
        next(whole.build());
      },
      sendStatus: (ending, next) => {
        forget();
        next(ending);
      },
    });
  };
}

/** A call that lasts was let in for the user as it was; it ends with that. */
function watch({ users }: AuthenticationParts, { user, revision }: Login, end: () => void): () => void {
  return users.watch(user.loginName, () => {
    const now = users.find(user.loginName);
    if (now.user === undefined || now.revision !== revision) end();
  });
}
