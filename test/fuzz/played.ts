import type { Asked } from './asked';
import type { Coverage } from './coverage';
import { furnish } from './furnish';
import type { HttpRequest, Settings } from './fuzz-cloud';
import type { Operation } from './operations';
import type { Fault } from './oracles';
import { Run } from './run';

/** A fault, and the requests that led to it. */
export interface Failure {
  readonly fault: Fault;
  readonly asked: readonly Asked[];
  /** The same as they were sent. */
  readonly sent: readonly HttpRequest[];
  readonly settings: Settings;
}

/** What requests have shown in one cloud. */
export interface Played {
  readonly failure: Failure | undefined;
  readonly coverage: Coverage;
  readonly operations: readonly Operation[];
}

/**
 * Makes requests in a new furnished cloud until one of them shows a fault, and compares its rows in the end.
 * @param requests the next one is chosen when the one before it is done
 */
export async function played(settings: Settings, requests: (run: Run) => Iterable<Asked>): Promise<Played> {
  const run = await Run.begin(settings);
  const { coverage, operations } = run;
  try {
    await furnish(run);
    const from = run.sent.length;
    const asked: Asked[] = [];
    let fault: Fault | undefined;
    for (const one of requests(run)) {
      asked.push(one);
      fault = await run.perform(one);
      if (fault !== undefined) break;
    }
    fault ??= await run.ending();
    const failure = fault === undefined ? undefined : { fault, asked, sent: run.sent.slice(from), settings };
    return { failure, coverage, operations };
  } finally {
    await run.close();
  }
}
