import { commonMessage, type Dialect, JSON_TYPE } from './dialect';

/** nova 26.1 `_fault_names`; every other status is a computeFault. */
const FAULTS: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  405: 'badMethod',
  409: 'conflictingRequest',
  413: 'overLimit',
  415: 'badMediaType',
  429: 'overLimit',
  501: 'notImplemented',
  503: 'serviceUnavailable',
};

/** `{"itemNotFound": {"code": 404, "message": "…"}}`. */
export const novaDialect: Dialect = {
  requestIdHeaders: ['x-openstack-request-id', 'x-compute-request-id'],
  message: commonMessage,
  render: (code, message) => ({
    contentType: JSON_TYPE,
    body: JSON.stringify({ [FAULTS[code] ?? 'computeFault']: { code, message } }),
  }),
};
