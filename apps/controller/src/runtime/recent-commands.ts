import type { Position } from '@cairn/event-store';

/** Where an event stands. */
export interface Place {
  readonly revision: bigint;
  /** In the log. At least the event's own, where only the position behind it is known. */
  readonly position: Position;
}

/** How many ids are remembered. Their number is what bounds a snapshot, however many commands a stream has seen. */
const REMEMBERED = 2_048;
/** How often, in forgotten commands, to note where in the stream they end, and how many such notes to keep. */
const MILE = 512;
const MILESTONES = 64;

const START: Place = { revision: -1n, position: 0n };

/** As a snapshot holds it. */
export interface StoredCommands {
  /** The newest ids, the oldest of them first: each with revision and position in base 36. */
  readonly ids: string;
  readonly forgotten: StoredPlace | null;
  readonly milestones: readonly StoredPlace[];
}

type StoredPlace = readonly [revision: string, position: string];

/**
 * The ids of a stream's newest commands, in a number that is bounded. It says up to where it reaches back: an id that is
 * not among them is a new one if its command cannot have been carried out before that. Which of older ids the stream has
 * seen only its events tell; `gap` says which of them.
 */
export class RecentCommands {
  private readonly ids = new Map<string, Place>();
  private forgotten: Place | undefined;
  private milestones: Place[] = [];

  /** Knows nothing of the commands up to a place. */
  static after(place: Place): RecentCommands {
    const recent = new RecentCommands();
    recent.forgotten = place;
    return recent;
  }

  static load({ ids, forgotten, milestones }: StoredCommands): RecentCommands {
    const recent = new RecentCommands();
    for (const entry of ids === '' ? [] : ids.split(',')) {
      const [id = '', revision = '', position = ''] = entry.split(' ');
      recent.ids.set(unpacked(id), { revision: from36(revision), position: from36(position) });
    }
    recent.forgotten = forgotten === null ? undefined : placeOf(forgotten);
    recent.milestones = milestones.map(placeOf);
    return recent;
  }

  has(commandId: string): boolean {
    return this.ids.has(commandId);
  }

  get size(): number {
    return this.ids.size;
  }

  /** Notes that a command was carried out. Places never decrease. */
  note(commandId: string, place: Place): void {
    if (commandId === '') return;
    this.ids.set(commandId, place);
    if (this.ids.size <= REMEMBERED) return;
    for (const [oldest, at] of this.ids) {
      this.ids.delete(oldest);
      this.forget(at);
      return;
    }
  }

  /** Whether every command that was carried out behind this position is remembered. */
  reaches(position: Position): boolean {
    return this.forgotten === undefined || this.forgotten.position <= position;
  }

  /** The events whose commands are forgotten and which may stand behind this position: after `from`, up to `to`. */
  gap(position: Position): { readonly from: Place; readonly to: bigint } {
    const from = this.milestones.findLast((each) => each.position <= position) ?? START;
    return { from, to: this.forgotten?.revision ?? -1n };
  }

  store(): StoredCommands {
    const ids = [...this.ids].map(
      ([id, { revision, position }]) => `${packed(id)} ${revision.toString(36)} ${position.toString(36)}`,
    );
    const forgotten = this.forgotten === undefined ? null : storedPlace(this.forgotten);
    return { ids: ids.join(','), forgotten, milestones: this.milestones.map(storedPlace) };
  }

  private forget(at: Place): void {
    this.forgotten = at;
    const last = this.milestones.at(-1) ?? START;
    if (at.revision - last.revision < BigInt(MILE)) return;
    this.milestones.push(at);
    if (this.milestones.length <= MILESTONES) return;
    // the newer half stays dense: what is looked for is seldom old
    this.milestones = this.milestones.filter((_, i) => i >= MILESTONES / 2 || i % 2 === 0);
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A UUID's 16 bytes in base64; any other id as it is, marked, and without what separates the entries. */
const packed = (id: string): string =>
  UUID.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url') : `!${encodeURIComponent(id)}`;

function unpacked(text: string): string {
  if (text.startsWith('!')) return decodeURIComponent(text.slice(1));
  const hex = Buffer.from(text, 'base64url').toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Exact, however many digits. */
function from36(digits: string): bigint {
  let value = 0n;
  for (const digit of digits) value = value * 36n + BigInt(Number.parseInt(digit, 36));
  return value;
}

const storedPlace = ({ revision, position }: Place): StoredPlace => [String(revision), String(position)];
const placeOf = ([revision, position]: StoredPlace): Place => ({
  revision: BigInt(revision),
  position: BigInt(position),
});
