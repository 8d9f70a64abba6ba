import type { Controller } from '../ports/controller.port';
import { Retryable } from '../ports/errors';

const nobody = (): Promise<never> => Promise.reject(new Retryable('there is no controller'));

/** Stands where work on a host needs no controller (`--down`). */
export const noController: Controller = {
  fetchImage: nobody,
  fetchDrive: nobody,
  announceImage: nobody,
  sendImage: nobody,
  fetchPassword: nobody,
  reply: nobody,
  joinConsole: nobody,
};
