import type { Stage } from './stage';

/** Something that happens in a cloud, played on a stage to be recorded as a history. */
export interface Story {
  /** The file's name. */
  readonly name: string;
  /** What happens, in one sentence. */
  readonly about: string;
  /** True when at its end no stream owes anything. */
  readonly finished: boolean;
  play(stage: Stage): Promise<void>;
}
