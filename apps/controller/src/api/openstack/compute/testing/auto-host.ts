import {
  type InstanceEvent,
  isOperationEvent,
  type OperationStep,
  operationStep,
  targetOf,
  streamRef,
} from '@cairn/domain';
import type { ComputeCloud } from './compute-cloud';

/** Stands for scheduler, network and host at once: does what each event of an instance asks for, as soon as it is there. */
export class AutoHost {
  private readonly ending = new AbortController();
  private readonly running: Promise<void>;
  /** Why it stopped, if it did not end. */
  failure: unknown;

  constructor(private readonly cloud: ComputeCloud) {
    this.running = this.run().catch((error: unknown) => {
      this.failure = error;
    });
  }

  async end(): Promise<void> {
    this.ending.abort();
    await this.running;
    if (this.failure !== undefined) throw new Error('the host of the test failed', { cause: this.failure });
  }

  private async run(): Promise<void> {
    for await (const message of this.cloud.memory.store.subscribe(undefined, this.ending.signal)) {
      if (message.kind !== 'event') continue;
      const { stream } = message.event;
      const event = message.event as unknown as InstanceEvent;
      const { type } = event;
      const id = stream.slice('instance-'.length);
      if (type === 'instance.launch-requested.v1') await this.cloud.finishLaunch(id);
      if (isOperationEvent(event)) await this.carryOut(id, operationStep(event));
      if (type === 'instance.deletion-requested.v1') await this.release(id);
    }
  }

  /** Does what an operation asks of a host. */
  private async carryOut(id: string, step: OperationStep): Promise<void> {
    if (step.stage !== 'begun') return;
    const state = await this.cloud.core.executor.state(streamRef('instance', id));
    await this.cloud.finishOperation(id, targetOf(step.operation, state).power);
  }

  private async release(id: string): Promise<void> {
    const target = streamRef('instance', id);
    for (;;) {
      const { debts, request } = await this.cloud.core.executor.state(target);
      const [debt] = debts;
      if (debt === undefined) return;
      if (debt.kind === 'quota')
        await this.cloud.execute(streamRef('quota', request?.projectId ?? ''), {
          type: 'ReleaseQuota',
          data: { owner: target },
        });
      await this.cloud.execute(target, { type: 'RecordReleased', data: { debtId: debt.id } });
    }
  }
}
