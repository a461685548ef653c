export type { BroadcastOptions } from './Broadcast.js';
export type { Member } from './Member.js';
export { Presence, type PresenceOptions, type PresenceState } from './Presence.js';
export type { StayOptions } from './Stay.js';
export { Typing, type TypingOptions, type TypingState } from './Typing.js';
