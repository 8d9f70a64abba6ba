import { MICROVERSIONS } from './microversions';

/** Microversions of the compute API: `2.<minor>`; only the minor part varies. */
export const MIN_MICROVERSION = 1;
/** The last of the table. Clients adapt downwards. */
export const MAX_MICROVERSION = MICROVERSIONS.at(-1)?.minor ?? MIN_MICROVERSION;

export type Negotiated =
  | { readonly kind: 'version'; readonly minor: number }
  | { readonly kind: 'malformed' | 'unsupported'; readonly status: 400 | 406; readonly message: string };

/** Headers as Node gives them: lower-case names. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The version asked for, as text: of the general header when it names compute, else of nova's own header. */
function asked(headers: Headers): string | undefined {
  const general = [headers['openstack-api-version'] ?? []].flat().join(',');
  for (const part of general.split(',')) {
    const [service = '', version, ...rest] = part.trim().split(/\s+/);
    if (service.toLowerCase() === 'compute') return rest.length > 0 ? part.trim() : (version ?? '');
  }
  return [headers['x-openstack-nova-api-version'] ?? []].flat().at(-1)?.trim();
}

/** The version to answer in; without a header it is the oldest. */
export function negotiate(headers: Headers): Negotiated {
  const text = asked(headers);
  if (text === undefined) return { kind: 'version', minor: MIN_MICROVERSION };
  if (text.toLowerCase() === 'latest') return { kind: 'version', minor: MAX_MICROVERSION };
  const match = /^([1-9]\d{0,8})\.([1-9]\d{0,8}|0)$/.exec(text);
  if (match === null) {
    const message = `API Version String ${text} is of invalid format. Must be of format MajorNum.MinorNum.`;
    return { kind: 'malformed', status: 400, message };
  }
  const minor = Number(match[2]);
  if (match[1] !== '2' || minor < MIN_MICROVERSION || minor > MAX_MICROVERSION) {
    const range = `Minimum is 2.${String(MIN_MICROVERSION)} and maximum is 2.${String(MAX_MICROVERSION)}.`;
    return {
      kind: 'unsupported',
      status: 406,
      message: `Version ${text} is not supported by the API. ${range}`,
    };
  }
  return { kind: 'version', minor };
}

export const VARY = 'OpenStack-API-Version, X-OpenStack-Nova-API-Version';

/** What every answer under /v2.1 repeats. */
export const versionHeaders = (minor: number): Readonly<Record<string, string>> => ({
  'openstack-api-version': `compute 2.${String(minor)}`,
  'x-openstack-nova-api-version': `2.${String(minor)}`,
  vary: VARY,
});
