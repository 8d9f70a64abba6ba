import { z } from 'zod';

/** What both sides may say, in the sizes that the columns of the read models and the domain can hold. */

/** The largest number of a 32-bit integer column. */
export const INT32_MAX = 2 ** 31 - 1;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** As categories of streams are written: what names a stream or a folder is never a path. */
const CATEGORY = /^[a-z][a-z0-9]{0,63}$/;
/** Names of parts of a job in its timings; `__proto__` and the like are none. */
const PART = /^[a-z][A-Za-z0-9-]{0,63}$/;
/** Names of counters, as libvirt writes them. */
export const VIRT_NAME = /^[a-z][a-z0-9_.-]{0,63}$/;
/** PostgreSQL stores neither, and JSON may hold both: U+0000, and halves of surrogate pairs. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;

export const uuid = z.string().regex(UUID);

/** A number of things, 0 or more, at most what the column holds. */
export const count = (most = INT32_MAX): z.ZodInt => z.int().min(0).max(most);

/** A text of at most so many UTF-16 units that every database stores as it is. */
export const text = (most = 255): z.ZodString =>
  z
    .string()
    .max(most)
    .refine((value) => value.search(UNSTORABLE) < 0);

/**
 * A text for people, which may have come from any tool on the host: what is too long is cut off, and what no database
 * stores is replaced. It is never a reason to refuse what it explains.
 */
export const message = (most = 16 * 1024): z.ZodString =>
  z.string().overwrite((value) => value.slice(0, most).replace(UNSTORABLE, '\ufffd'));

export const list = <S extends z.ZodType>(item: S, most: number): z.ZodReadonly<z.ZodArray<S>> =>
  z.array(item).max(most).readonly();

/** Milliseconds of the parts of a job. */
export const timings = z
  .record(z.string().regex(PART), z.number().min(0).max(INT32_MAX))
  .refine((parts) => Object.keys(parts).length <= 64);

/** Projects have the ids of Keystone, which are written without hyphens. */
const RESOURCE_ID = /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/;

export const resource = z.object({ category: z.string().regex(CATEGORY), id: z.string().regex(RESOURCE_ID) });

/** Grows with each change of the resource's desired state. */
export const generation = count();
