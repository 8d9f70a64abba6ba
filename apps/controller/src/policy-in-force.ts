import type { Log } from './log';
import { BUILT_IN_RULES, Enforcer, PolicyFile, RuleSet } from './policy';
import type { Clock } from './runtime/ports';

/** How soon a changed policy file counts. */
const LOOK_EVERY_MS = 1_000;

/** The rules of this process: the built-in ones, and those of the operator's file over them. */
export class PolicyInForce {
  readonly enforcer = new Enforcer(RuleSet.of(BUILT_IN_RULES));

  private constructor(
    private readonly file: PolicyFile | null,
    private readonly log: Log,
  ) {}

  /** @throws PolicySyntaxError for a file that cannot be read as rules: a controller does not start with half a policy. */
  static async open(path: string | null, log: Log): Promise<PolicyInForce> {
    const policy = new PolicyInForce(path === null ? null : new PolicyFile(path, BUILT_IN_RULES), log);
    await policy.file?.refresh(policy.enforcer);
    return policy;
  }

  /** Reads the file again whenever it changes, until the signal aborts. A broken one is refused aloud. */
  async follow(clock: Clock, signal: AbortSignal): Promise<void> {
    const { file, enforcer, log } = this;
    if (file === null) return;
    while (!signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, signal);
      try {
        if (await file.refresh(enforcer)) log.info('the policy file was read again; its rules are in force');
      } catch (error) {
        log.error('the policy file cannot be used; the rules before it stay in force', { error });
      }
    }
  }
}
