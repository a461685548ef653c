import { isData, isId, MAX_MEMBERS } from './Member.js';

/** What a message says about a member. It has durations only: clocks of others may be wrong. */
export interface Told {
  readonly id: string;
  readonly data: unknown;
  /** How long it has been there, in ms. */
  readonly age: number;
  /** How long nothing was heard of it, in ms: 0 where it speaks itself. */
  readonly silence: number;
  /** It speaks at least so often, in ms. */
  readonly beat: number;
}

/** What a member, or one who only watches, says to all. */
export interface Message {
  /** The id of who speaks. */
  readonly from: string;
  /** The speaker, unless it only watches; in an answer also the others it knows. */
  readonly members: readonly Told[];
  /** Whether it asks who is there. */
  readonly asks: boolean;
  /** Whom this answers. */
  readonly to: readonly string[];
  /** Whether it leaves. */
  readonly bye: boolean;
}

/** A beat is taken to be between these, in ms: nobody stays long without speaking. */
const BEAT = { min: 100, max: 180_000 };
/** No browser page is older, in ms: ten years. */
const MAX_AGE = 315_360_000_000;

/** Reads a message; `undefined` where it is none. Of the members, those are left out that are none. */
export function parseMessage(value: unknown): Message | undefined {
  const { from, members, asks, to, bye } = (value ?? {}) as Record<string, unknown>;
  if (!isId(from)) return undefined;
  return {
    from,
    members: listOf(members).flatMap((member) => parseTold(member) ?? []),
    asks: asks === true,
    to: listOf(to).filter(isId),
    bye: bye === true,
  };
}

function parseTold(value: unknown): Told | undefined {
  const { id, data, age, silence, beat } = (value ?? {}) as Record<string, unknown>;
  if (!isId(id) || !isData(data)) return undefined;
  return {
    id,
    data,
    age: within(age, 0, MAX_AGE),
    silence: within(silence, 0, MAX_AGE),
    beat: within(beat, BEAT.min, BEAT.max),
  };
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, MAX_MEMBERS) : [];
}

function within(value: unknown, min: number, max: number): number {
  return typeof value === 'number' ? Math.min(max, Math.max(min, value)) : min;
}
