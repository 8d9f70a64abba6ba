import type { Controller } from '../ports/controller.port';
import { Retryable } from '../ports/errors';

/** Stands where work on a host needs no controller (`--down`). */
export class NoController implements Controller {
  fetchImage(): Promise<never> {
    return Promise.reject(new Retryable('there is no controller'));
  }

  fetchDrive(): Promise<never> {
    return Promise.reject(new Retryable('there is no controller'));
  }

  announceImage(): Promise<never> {
    return Promise.reject(new Retryable('there is no controller'));
  }

  sendImage(): Promise<never> {
    return Promise.reject(new Retryable('there is no controller'));
  }

  joinConsole(): Promise<never> {
    return Promise.reject(new Retryable('there is no controller'));
  }

  fetchPassword(): Promise<never> {
    return Promise.reject(new Retryable('there is no controller'));
  }

  reply(): Promise<never> {
    return Promise.reject(new Retryable('there is no controller'));
  }
}
