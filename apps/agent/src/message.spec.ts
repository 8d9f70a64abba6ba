import { asMessage } from '@cairn/host-protocol';

import { ensureJob, rebootJob, removeJob } from './testing/harness';

describe('asMessage', () => {
  const query = { kind: 'read-console', requestId: 'q', instanceId: ensureJob(1).instanceId, lines: null };

  it.each([ensureJob(1), rebootJob(1), removeJob(1), query])('knows $kind', (message) => {
    expect(asMessage(JSON.parse(JSON.stringify(message)))).toEqual(message);
  });

  it.each([
    undefined,
    null,
    'ensure-instance',
    {},
    { kind: 7 },
    { kind: 'toString' },
    { ...ensureJob(1), kind: 'ensure-volume-attached' },
    { kind: 'ensure-instance', effectId: 'e' },
    { ...removeJob(1), kind: 'reboot-instance' },
    { ...query, instanceId: '../../keyring' },
    { ...removeJob(1), instanceId: '--all' },
    { ...removeJob(1), instanceId: ['a'] },
  ])('takes %j for nothing that it knows', (value) => {
    expect(asMessage(value)).toBeUndefined();
  });
});
