import { status, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { WireError } from './errors';

interface Refusable {
  on(event: 'data', listener: () => void): unknown;
  emit(event: 'error', error: Error): boolean;
}

/** Handlers that answer every method of a service with UNIMPLEMENTED and the reason. */
export function unimplemented(service: ServiceDefinition, reason: string): UntypedServiceImplementation {
  const refuseUnary = (_call: unknown, callback: (error: WireError) => void): void => {
    callback(new WireError(status.UNIMPLEMENTED, reason));
  };
  const refuseStream = (call: Refusable): void => {
    call.emit('error', new WireError(status.UNIMPLEMENTED, reason));
  };
  const handlers = Object.entries(service).map(([name, method]) => [
    name,
    method.responseStream ? refuseStream : refuseUnary,
  ]);
  return Object.fromEntries(handlers) as UntypedServiceImplementation;
}
