import { own } from '@cairn/domain';

/** A value of the EC2 tree: a leaf, or a folder with an optional line that stands for it in its parent's listing. */
export type Leaf = string | readonly string[] | Buffer;

export interface Folder {
  readonly entries: Readonly<Record<string, Node>>;
  /** nova's `_name`: `0=mykey` instead of `0/`. */
  readonly title?: string;
}

export type Node = Leaf | Folder;

const isFolder = (node: Node): node is Folder => typeof node === 'object' && Object.hasOwn(node, 'entries');

export const folder = (entries: Readonly<Record<string, Node>>, title?: string): Folder =>
  title === undefined ? { entries } : { entries, title };

/** The node at a path of names; undefined where there is none, also below a leaf. */
export function nodeAt(root: Node, path: readonly string[]): Node | undefined {
  let node: Node | undefined = root;
  for (const name of path) {
    if (node === undefined || !isFolder(node) || !Object.hasOwn(node.entries, name)) return undefined;
    node = own(node.entries, name);
  }
  return node;
}

/** As text: a folder's names in order, one a line, sub-folders with `/`, no end of line after the last. */
export function render(node: Node): string | Buffer {
  if (typeof node === 'string' || Buffer.isBuffer(node)) return node;
  if (!isFolder(node)) return node.join('\n');
  return Object.entries(node.entries)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, child]) => (isFolder(child) ? (child.title ?? `${name}/`) : name))
    .join('\n');
}

/** The node as nova writes it in JSON: a folder's title is its `_name`. */
export function asJson(node: Node): unknown {
  if (Buffer.isBuffer(node)) return node.toString('utf8');
  if (!isFolder(node)) return node;
  const entries = Object.entries(node.entries).map(([name, child]) => [name, asJson(child)] as const);
  return Object.fromEntries(node.title === undefined ? entries : [['_name', node.title], ...entries]);
}
