import type { Instant } from '@cairn/domain';
import { Entity } from 'typeorm';
import { Flag, Id, Key, LogPosition, Text, Time } from '../columns';

/** How far this generation has come: one row, moved in the transaction that moves the rows. */
@Entity({ name: 'checkpoint' })
export class CheckpointRow {
  @Key() readonly id!: string;
  /** Everything in the log up to here is in the rows. */
  @LogPosition() readonly position!: string;
  /** True once this generation has caught up with the log for the first time: from then on it may be read. */
  @Flag() readonly built!: boolean;
}

/** Which history of the log this generation is folded from; no row where the log does not say. */
@Entity({ name: 'log_history' })
export class LogHistoryRow {
  @Key() readonly id!: string;
  @Id() readonly history!: string;
}

/** A stream whose projector threw: nothing of it is applied from that event on, until the next generation. */
@Entity({ name: 'parked_stream' })
export class ParkedStreamRow {
  /** The stream's name. */
  @Key() readonly id!: string;
  /** The event that could not be applied. */
  @LogPosition() readonly position!: string;
  @Id() readonly eventType!: string;
  /** The read model whose projector threw. */
  @Id() readonly projection!: string;
  @Text() readonly reason!: string;
  /** The event's time. */
  @Time() readonly at!: Instant;
}

/** A row that every database takes, whatever the event says. */
export const parkedRow = (row: ParkedStreamRow): ParkedStreamRow => ({
  ...row,
  eventType: row.eventType.slice(0, 255),
  projection: row.projection.slice(0, 255),
  reason: row.reason.slice(0, 2_000),
  at: row.at.slice(0, 32),
});
