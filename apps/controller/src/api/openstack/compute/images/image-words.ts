import { DomainError } from '@cairn/domain';
import { HttpProblem } from '../../../http';

/** Does what Glance does, with nova's words for what it refuses. @param forbidden instead of the usual ones */
export async function inWordsOfNova<T>(id: string, work: Promise<T>, forbidden?: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.kind === 'not-found') throw new HttpProblem(404, 'Image not found.');
    if (error.kind === 'forbidden') throw new HttpProblem(403, forbidden ?? `Not authorized for image ${id}.`);
    throw error;
  }
}
