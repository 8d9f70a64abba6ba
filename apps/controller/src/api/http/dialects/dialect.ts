/** A problem in the words and shape of one service. */
export interface Fault {
  readonly contentType: string;
  readonly body: string;
}

/** The error format of a service: one for each OpenStack project whose API Cairn serves. */
export interface Dialect {
  /** Headers that carry the request id of every answer. */
  readonly requestIdHeaders: readonly string[];
  /** The service's own words for a status, for problems that have none. */
  message(status: number): string;
  /** @param accept the request's Accept header. */
  render(status: number, message: string, accept: string | undefined): Fault;
}

/** Titles of the statuses that Cairn answers with. */
const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Request Entity Too Large',
  414: 'Request URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Requested Range Not Satisfiable',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

export const titleOf = (status: number): string => TITLES[status] ?? 'Error';

export const JSON_TYPE = 'application/json';

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Malformed request body',
  401: 'The request you have made requires authentication.',
  403: 'You are not authorized to perform the requested action.',
  404: 'The resource could not be found.',
  405: 'The method specified is not allowed for this resource.',
  413: 'Request is too large.',
  415: 'Unsupported Content-Type',
  500: 'An unexpected error prevented the server from fulfilling your request.',
  503: 'The service is currently unable to handle the request. Please try again later.',
};

/** What the services say alike. */
export const commonMessage = (status: number): string => MESSAGES[status] ?? titleOf(status);
