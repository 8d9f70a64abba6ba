import type { RecordedEvent } from '@cairn/event-store';

/** One effect, one outcome: an agent that reports an effect again reports the same. How far it is, it may tell before. */
export class AgentReports {
  private readonly outcomes = new Map<string, string>();

  check({ stream, type, data }: RecordedEvent): string | undefined {
    const effectId = data['effectId'];
    if (typeof effectId !== 'string' || type === 'agent.job-progressed.v1') return undefined;
    const said = JSON.stringify([type, data]);
    const before = this.outcomes.get(effectId);
    this.outcomes.set(effectId, before ?? said);
    if (before === undefined || before === said) return undefined;
    return `${stream} reports effect ${effectId} as ${said} after ${before}`;
  }
}
