import { readFile, stat } from 'node:fs/promises';
import { parse, YAMLParseError } from 'yaml';

import type { Enforcer } from './enforcer';
import { PolicySyntaxError } from './parse';
import { RuleSet, type Rules } from './rule-set';

/** The longest policy file to read, in characters: nova's whole sample with comments has a tenth of it. */
const LONGEST = 4_000_000;

/** Rules of a text in JSON or YAML (JSON is YAML, too); an empty text has none. @throws PolicySyntaxError */
export function rulesOf(text: string): Rules {
  if (text.length > LONGEST) throw new PolicySyntaxError(`the file is longer than ${String(LONGEST)} characters`);
  const content: unknown = parsed(text) ?? {};
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new PolicySyntaxError('the file is not a map from names to rules');
  return content as Rules;
}

function parsed(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof YAMLParseError || error instanceof ReferenceError)
      throw new PolicySyntaxError(`the file is not YAML: ${error.message}`);
    throw error;
  }
}

/** An operator's policy file over the built-in rules, read again when it changes. */
export class PolicyFile {
  private read = '';

  constructor(
    private readonly path: string,
    private readonly builtIn: Rules,
  ) {}

  /**
   * Puts the file's rules in force if the file has changed since the last call; returns whether it has.
   * @throws PolicySyntaxError, or the error of reading the file. The old rules then stay in force, and later calls read
   * the file only after its next change.
   */
  async refresh(enforcer: Enforcer): Promise<boolean> {
    const { mtimeMs, size, ino } = await stat(this.path);
    const version = `${String(ino)} ${String(size)} ${String(mtimeMs)}`;
    if (version === this.read) return false;
    this.read = version;
    enforcer.replace(RuleSet.of(this.builtIn, rulesOf(await readFile(this.path, 'utf8'))));
    return true;
  }
}
