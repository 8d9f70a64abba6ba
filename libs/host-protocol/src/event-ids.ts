import { deriveId } from '@cairn/domain';

/** Ids of what an agent appends: the same outcome, start or finding is the same event however often it is appended. */
export const resultEventId = (effectId: string): string => deriveId(effectId, 'result');
export const startedEventId = (bootId: string): string => deriveId(bootId, 'started');
export const driftEventId = (bootId: string, kind: string, name: string): string => deriveId(bootId, kind, name);
