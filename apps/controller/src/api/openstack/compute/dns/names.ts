import { entryKey } from '@cairn/domain';
import { badRequest } from '../shared/additional';

const LABEL = '[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?';
const NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const MOST = 253;

/** A domain as a URL has it: nova's clients write its dots once more as `%2E`. */
export const domainIn = (text: string): string => text.replace(/%2E/gi, '.');

const isName = (text: string): boolean => text.length <= MOST && NAME.test(text);

/** @throws HttpProblem 400 for what no host could answer by. */
export function requireDomain(domain: string): void {
  if (!isName(domain)) throw badRequest(`Invalid domain ${domain.slice(0, 255)}`);
}

/** @throws HttpProblem 400, as `requireDomain`. */
export function requireName(name: string, domain: string): void {
  if (!isName(name) || entryKey({ name, domain }).length > MOST) throw badRequest(`Invalid name ${name.slice(0, 255)}`);
}
