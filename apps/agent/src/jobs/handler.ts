import type { ImageSpec, JobEnvelope, JobFacts, JobKind, JobPayloads } from '@cairn/host-protocol';

import type { HostPorts, JobContext } from './job-context';

/** How the host carries out one kind of job. */
export interface Handler<K extends JobKind> {
  /** The images that the resource uses once the job is done; null when the job leaves nothing of the resource. */
  images(payload: JobPayloads[K]): readonly ImageSpec[] | null;
  /**
   * What to note, durably, before the job begins for the first time. A later try that finds it changed knows that an
   * earlier one was cut off only after it had done its work (JobContext.before).
   */
  before?(job: JobEnvelope, ports: HostPorts): Promise<string | null>;
  /** Brings about the state that the job asks for, and reports the facts. */
  run(job: JobEnvelope, payload: JobPayloads[K], context: JobContext): Promise<JobFacts[K]>;
}
