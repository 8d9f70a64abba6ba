import { DomainError } from '../../kernel/errors';
import { isAfter } from '../../kernel/time';
import { restoreAfter } from '../operations/decide';
import { exhausted } from '../placement/decide';
import { MAX_ATTEMPTS } from '../placement/placement';
import type { Decisions } from '../section';
import { isLaunching } from '../state';
import type { LaunchCommands } from './messages';

export const launchDecisions: Decisions<LaunchCommands> = {
  LaunchInstance(request, { vmState }) {
    if (vmState === 'absent') return [{ type: 'instance.launch-requested.v1', data: { ...request, process: 1 } }];
    throw new DomainError('conflict', 'instance.exists', `Instance ${request.instanceId} already exists.`);
  },

  RecordLaunched({ generation, facts, restarted }, state, context) {
    const target = state.placement?.target;
    if (!isLaunching(state) || target?.claimed !== true || generation !== state.generation) return [];
    const { hostId, hostName } = target;
    return [
      { type: 'instance.launched.v1', data: { hostId, hostName, facts } },
      ...restoreAfter(restarted, 'active', context),
    ];
  },

  RecordAttemptFailed({ generation, code, message, permanent }, state, { at }) {
    const { placement } = state;
    if (!isLaunching(state) || placement?.target === undefined || generation !== state.generation) return [];
    if (permanent)
      return [{ type: 'instance.launch-failed.v1', data: { code, message: `No valid host was found. ${message}` } }];
    const { attempt, hostId } = placement.target;
    const failed = { type: 'instance.launch-attempt-failed.v1', data: { attempt, hostId, code, message } } as const;
    const last = attempt >= MAX_ATTEMPTS || !isAfter(placement.notAfter, at);
    return last ? [failed, exhausted(state, message)] : [failed];
  },

  FailLaunch: (data, state) => (isLaunching(state) ? [{ type: 'instance.launch-failed.v1', data }] : []),
};
