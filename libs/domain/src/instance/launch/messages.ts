import type { Ended } from '../operations/decide';
import type { Selection } from '../../kernel/selection';
import type { InstanceFacts } from '../spec';
import type { LaunchRequest } from './request';

interface Reason {
  readonly code: string;
  readonly message: string;
}

/** `selection`: how the scheduler found no host, if that is the reason. */
type Failure = Reason & { readonly selection?: Selection };

export interface LaunchCommands {
  /** Carries all choices of the tenant, resolved. A stream that exists refuses it. */
  readonly LaunchInstance: LaunchRequest;
  readonly RecordLaunched: Ended & { readonly generation: number };
  /** @param permanent no other host could do it */
  readonly RecordAttemptFailed: Reason & { readonly generation: number; readonly permanent: boolean };
  readonly FailLaunch: Failure;
}

export interface LaunchEvents {
  /** `process` is the version by which the launch runs; `due` branches on it, so that old launches end as they began. */
  readonly 'instance.launch-requested.v1': LaunchRequest & { readonly process: 1 };
  readonly 'instance.launched.v1': {
    readonly hostId: string;
    readonly hostName: string;
    readonly facts: InstanceFacts;
  };
  readonly 'instance.launch-attempt-failed.v1': Reason & { readonly attempt: number; readonly hostId: string };
  readonly 'instance.launch-failed.v1': Failure;
}
