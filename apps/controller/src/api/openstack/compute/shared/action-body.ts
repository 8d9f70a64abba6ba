import { HttpProblem, isObject } from '../../../http';
import { badRequest } from './additional';

export const malformed = (): HttpProblem => badRequest('Malformed request body');

/** The action that the body of a `POST …/action` names, and its value. @throws HttpProblem 400 unless it is exactly one */
export function actionIn(body: unknown): readonly [name: string, value: unknown] {
  if (!isObject(body)) throw malformed();
  const [[name, value] = ['', null], ...others] = Object.entries(body);
  if (others.length > 0) throw badRequest('Malformed message body: too many body keys');
  if (name === '') throw malformed();
  return [name, value];
}

export const noSuchAction = (name: string): HttpProblem => badRequest(`There is no such action: ${name.slice(0, 255)}`);
