import { commonMessage, type Dialect, titleOf } from './dialect';

/** For hosts and guests: the status and the words, as text. */
export const plainDialect: Dialect = {
  requestIdHeaders: ['x-openstack-request-id'],
  message: commonMessage,
  render: (code, message) => ({
    contentType: 'text/plain; charset=utf-8',
    body: `${String(code)} ${titleOf(code)}\n\n${message}\n`,
  }),
};
