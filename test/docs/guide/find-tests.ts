import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/** A test whose title says which rows of the guide it proves: `… [guide 12,13]`. */
export interface ProvingTest {
  readonly rows: readonly number[];
  /** Its title with those of the suites around it, without the tag. */
  readonly title: string;
  /** Whether the commit chooses how much of it runs in a short run. */
  readonly rotates: boolean;
}

const TAG = / ?\[guide ([\d, ]+)\]/;
/** A title's tags, also of the runbooks (test/docs/runbooks.spec.ts). */
const TAGS = / ?\[(guide|runbook) [^\]]*\]/g;
const ANY_TAG = /\[guide[^\]]*\]/g;
const SUITE = /^(describe|describeWhere)\b/;
const TEST = /^(it|itWhere|test)\b/;
/** What a test reads that the commit chooses (test/rotation). */
const CHOSEN = /\b(chosen\(|ROUNDS\b)/;

/** The title of a suite or test, as far as the source says it; expressions in it as they stand there. */
function titleOf(call: ts.CallExpression): string | undefined {
  const title = call.arguments.find(
    (argument) => ts.isStringLiteralLike(argument) || ts.isTemplateExpression(argument),
  );
  return title?.getText().slice(1, -1).replaceAll("\\'", "'");
}

/**
 * The tagged tests of a file, in its order, read from the source alone.
 * @throws Error where a tag stands elsewhere than in the title of a test: there it would claim and not count
 */
export function provingTests(path: string, text: string): readonly ProvingTest[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found: ProvingTest[] = [];
  const visit = (node: ts.Node, around: readonly string[]): void => {
    let inside = around;
    if (ts.isCallExpression(node)) {
      const callee = node.expression.getText();
      const title = titleOf(node);
      if (title !== undefined && SUITE.test(callee)) inside = [...around, title];
      const rows = TEST.test(callee) && title !== undefined ? TAG.exec(title)?.[1] : undefined;
      if (rows !== undefined && title !== undefined)
        found.push({
          rows: rows.split(',').map(Number),
          title: [...around, title.replaceAll(TAGS, '')].join(': '),
          rotates: CHOSEN.test(node.getText()),
        });
    }
    ts.forEachChild(node, (child) => {
      visit(child, inside);
    });
  };
  visit(source, []);
  const tags = [...text.matchAll(ANY_TAG)].length;
  if (tags !== found.length) throw new Error(`${path} has ${String(tags)} tags, but ${String(found.length)} count`);
  return found;
}

/** Whether a file of tests imports another, which is named relative to the checkout and without its ending. */
export function importsOf(path: string, text: string): readonly string[] {
  return [...text.matchAll(/from '(\.[^']+)'/g)].map(([, specifier = '']) =>
    relative('.', join(dirname(path), specifier)),
  );
}
