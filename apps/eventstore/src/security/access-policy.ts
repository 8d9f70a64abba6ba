import { GenerationalCache } from '@cairn/cache';

import { isMetastream, metastreamOf, originalOf } from '../log/events';
import type { EventLog } from '../log/event-log';
import { isCacheable } from '../log/names';
import { fieldsOfDocument } from '../log/stream-metadata';
import { EVERYONE, grants, parseAcl, type AccessList, type Right } from './acl';
import { ALL_STREAMS, type StreamAction } from '../wire/access';
import { ADMINS } from './user';

const SETTINGS_STREAM = '$settings';
const CACHED_LISTS = 100_000;

const RIGHT_OF: Readonly<Record<StreamAction, Right>> = { read: '$r', write: '$w', delete: '$d' };

interface Defaults {
  readonly user: AccessList;
  readonly system: AccessList;
}

interface Cached<T> {
  readonly revision: number;
  readonly value: T;
}

/**
 * EventStoreDB's rules: the `$acl` of the stream's metadata, for what it leaves open the
 * defaults of `$settings`, for what they leave open everyone (streams of users) or the administrators (`$` streams,
 * `$all` among them). To read or write `$$s` is to read or write the metadata of `s`. Administrators may do everything.
 */
export class AccessPolicy {
  private readonly lists = new GenerationalCache<string, Cached<AccessList>>(CACHED_LISTS);
  private defaults: Cached<Defaults> | undefined;

  constructor(private readonly log: EventLog) {}

  /** @param names the caller's login and groups; empty for an anonymous caller, who may do nothing */
  allows(names: ReadonlySet<string>, action: StreamAction, stream: string): boolean {
    // Not even administrators: a tombstone of `$all`, or of any metadata, would bury an access list for ever.
    if (stream === ALL_STREAMS && action !== 'read') return false;
    if (isMetastream(stream) && action === 'delete') return false;
    if (names.has(ADMINS)) return true;
    if (names.size === 0) return false;
    if (!isMetastream(stream)) return grants(this.granted(stream, RIGHT_OF[action]), names);
    return grants(this.granted(originalOf(stream), action === 'read' ? '$mr' : '$mw'), names);
  }

  private granted(stream: string, right: Right): readonly string[] {
    const own = this.listOf(stream)[right];
    if (own !== undefined) return own;
    const system = stream.startsWith('$');
    const defaults = this.settings();
    return (system ? defaults.system : defaults.user)[right] ?? [system ? ADMINS : EVERYONE];
  }

  private listOf(stream: string): AccessList {
    const cached = this.lists.get(stream);
    const document = this.newest(metastreamOf(stream), cached?.revision);
    if (document === undefined) return cached?.value ?? {};
    const value = parseAcl(document.value['$acl']);
    if (isCacheable(stream)) this.lists.set(stream, { revision: document.revision, value });
    return value;
  }

  private settings(): Defaults {
    const document = this.newest(SETTINGS_STREAM, this.defaults?.revision);
    if (document !== undefined) {
      const { $userStreamAcl: user, $systemStreamAcl: system } = document.value;
      this.defaults = { revision: document.revision, value: { user: parseAcl(user), system: parseAcl(system) } };
    }
    return this.defaults?.value ?? { user: {}, system: {} };
  }

  /** The stream's last document; undefined when there is none, or the one that is known already. */
  private newest(stream: string, known: number | undefined): Cached<Readonly<Record<string, unknown>>> | undefined {
    const head = this.log.head(stream);
    if (head.key === undefined || head.last < 0 || head.last === known) return undefined;
    const event = this.log.reader.atRevision(head.key.sid, head.last);
    return { revision: head.last, value: fieldsOfDocument(event?.data ?? Buffer.alloc(0)) };
  }
}
