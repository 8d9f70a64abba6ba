import { commonMessage, type Dialect, JSON_TYPE, titleOf } from './dialect';

const WORDS: Readonly<Record<number, string>> = {
  400:
    'Expecting to find valid JSON in request body. The server could not comply with the request since it is either ' +
    'malformed or otherwise incorrect. The client is assumed to be in error.',
  404: 'The requested URL was not found on the server.',
  405: 'The method is not allowed for the requested URL.',
};

/** `{"error": {"code": 404, "message": "…", "title": "Not Found"}}`. */
export const keystoneDialect: Dialect = {
  requestIdHeaders: ['x-openstack-request-id'],
  message: (status) => WORDS[status] ?? commonMessage(status),
  render: (code, message) => ({
    contentType: JSON_TYPE,
    body: JSON.stringify({ error: { code, message, title: titleOf(code) } }),
  }),
};
