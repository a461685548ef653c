/** A raised hand is a member of what a peer shows with `setData`: `{ hand: true }`. */
export function hasHandUp(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'hand' in data && data.hand === true;
}
