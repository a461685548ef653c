/** A new link to a room, with 244 random bits behind the #. */
export function createRoomLink(room: string): string {
  return `${room}#${crypto.randomUUID()}${crypto.randomUUID()}`;
}

/** The secret of the page that is open, for `<SealedRoom secret={readSecret()} />`. */
export function readSecret(): string {
  return location.hash.slice(1);
}
