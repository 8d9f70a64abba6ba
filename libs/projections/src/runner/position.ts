import type { Position } from '@cairn/event-store';

/** As `LogPosition` columns hold it: 20 digits, so that text compares as the number does. */
export const positionText = (position: Position): string => position.toString().padStart(20, '0');

export const positionOf = (text: string): Position => BigInt(text);
