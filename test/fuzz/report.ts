import type { HttpRequest } from './fuzz-cloud';
import type { Failure } from './played';

const MOST_SHOWN = 2_000;

/** A request as a person would write it down. */
function lines({ service, method, url, headers, payload }: HttpRequest): readonly string[] {
  const body = payload?.toString('utf8');
  return [
    `${service}: ${method} ${url.slice(0, MOST_SHOWN)}`,
    ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value.slice(0, MOST_SHOWN)}`),
    ...(body === undefined ? [] : [`  ${body.slice(0, MOST_SHOWN)}`]),
  ];
}

/** What went wrong, the requests that lead to it, and how to run them again. */
export function report(seed: number, { fault, asked, sent, settings }: Failure): string {
  return [
    `${fault.kind}: ${fault.detail}`,
    `in a cloud with ${JSON.stringify(settings)}, after`,
    ...sent.slice(-20).flatMap(lines),
    `as the fuzzer writes it: ${JSON.stringify(asked.slice(-20)).slice(0, 4 * MOST_SHOWN)}`,
    `again: FUZZ_SEED=${String(seed)} npx jest --selectProjects sim --testPathPatterns test/fuzz`,
  ].join('\n');
}
