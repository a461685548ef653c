/**
 * A UUID that sorts by the time it was made, as a URN
 * ([RFC 9562 §5.7](https://www.rfc-editor.org/rfc/rfc9562#section-5.7)).
 */
export function createUrn(now = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  const random = crypto.randomUUID();
  return `urn:uuid:${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
