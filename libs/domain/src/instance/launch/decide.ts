import { DomainError } from '../../kernel/errors';
import { isAfter } from '../../kernel/time';
import { restoreAfter } from '../operations/decide';
import { exhausted, MAX_ATTEMPTS } from '../placement/decide';
import type { Decisions } from '../section';
import type { LaunchCommands } from './messages';

export const launchDecisions: Decisions<LaunchCommands> = {
  LaunchInstance(request, { vmState }) {
    if (vmState === 'absent') return [{ type: 'instance.launch-requested.v1', data: { ...request, process: 1 } }];
    throw new DomainError('conflict', 'instance.exists', `Instance ${request.instanceId} already exists.`);
  },

  RecordLaunched({ generation, facts, restarted }, state, context) {
    const { launch, host } = state;
    if (launch === undefined || host?.claimed !== true || generation !== state.generation) return [];
    const { hostId, hostName } = host;
    return [{ type: 'instance.launched.v1', data: { hostId, hostName, facts } }, ...restoreAfter(restarted, context)];
  },

  RecordAttemptFailed({ generation, code, message, permanent }, state, { at }) {
    const { launch, host } = state;
    if (launch === undefined || host === undefined || generation !== state.generation) return [];
    if (permanent)
      return [{ type: 'instance.launch-failed.v1', data: { code, message: `No valid host was found. ${message}` } }];
    const { attempt, hostId } = host;
    const failed = { type: 'instance.launch-attempt-failed.v1', data: { attempt, hostId, code, message } } as const;
    const last = attempt >= MAX_ATTEMPTS || !isAfter(launch.notAfter, at);
    return last ? [failed, exhausted(state, message)] : [failed];
  },

  FailLaunch: (data, { launch }) => (launch === undefined ? [] : [{ type: 'instance.launch-failed.v1', data }]),
};
