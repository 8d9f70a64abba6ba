import { type EventStore, EventStoreDb } from '@cairn/event-store';

import type { ControllerConfig } from './config';

/** The log that the configuration names. Nothing is connected before the first call. */
export const connectStore = ({ eventStoreUrl }: ControllerConfig): EventStore => EventStoreDb.connect(eventStoreUrl);
