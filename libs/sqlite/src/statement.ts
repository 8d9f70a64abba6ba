import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { types } from 'node:util';
import { rethrow } from './error';

/** What a statement changed. */
export interface Changes {
  readonly changes: number | bigint;
  readonly lastInsertRowid: number | bigint;
}

type Row = unknown[] | Record<string, unknown>;

/**
 * A prepared statement with parameters P and rows R. Both are the caller's claim. Blobs are Buffers; integers beyond
 * 2^53 are an error. A statement of a method has one use at a time: using it again ends its iteration.
 */
export class Statement<P extends readonly unknown[] = unknown[], R = unknown> {
  private arrays = false;
  private readsRows: boolean | undefined;

  constructor(private readonly statement: StatementSync) {}

  /** Whether it gives rows. */
  get reader(): boolean {
    return (this.readsRows ??= this.statement.columns().length > 0);
  }

  /** The same statement, whose rows are arrays in the order of its columns. */
  raw<A extends readonly unknown[]>(): Statement<P, A> {
    this.statement.setReturnArrays(true);
    this.arrays = true;
    return this as unknown as Statement<P, A>;
  }

  run(...parameters: P): Changes {
    try {
      return this.statement.run(...bound(parameters));
    } catch (error) {
      rethrow(error);
    }
  }

  get(...parameters: P): R | undefined {
    try {
      const row = this.statement.get(...bound(parameters)) as Row | undefined;
      return row === undefined ? undefined : this.withBuffers(row);
    } catch (error) {
      rethrow(error);
    }
  }

  all(...parameters: P): R[] {
    try {
      const rows = this.statement.all(...bound(parameters)) as Row[];
      for (const row of rows) this.withBuffers(row);
      return rows as R[];
    } catch (error) {
      rethrow(error);
    }
  }

  /** One row after the other; leaving the loop early ends the reading. */
  *iterate(...parameters: P): Generator<R, undefined> {
    try {
      for (const row of this.statement.iterate(...bound(parameters))) yield this.withBuffers(row);
    } catch (error) {
      rethrow(error);
    }
  }

  /** Replaces the row's Uint8Arrays, which Node.js gives, by Buffers on the same bytes. */
  private withBuffers(row: Row): R {
    if (this.arrays) {
      const cells = row as unknown[];
      for (let i = 0; i < cells.length; i += 1) if (isBlob(cells[i])) cells[i] = bufferOn(cells[i] as Uint8Array);
    } else {
      const record = row as Record<string, unknown>;
      // eslint-disable-next-line cairn/own-keys -- a row's keys are its own columns
      for (const key in record) if (isBlob(record[key])) record[key] = bufferOn(record[key]);
    }
    return row as R;
  }
}

const bound = (parameters: readonly unknown[]): SQLInputValue[] => parameters as SQLInputValue[];

const isBlob = (value: unknown): value is Uint8Array => typeof value === 'object' && types.isUint8Array(value);

const bufferOn = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
