/** Whether this host name or address is the machine itself (RFC 6761 §6.3, RFC 1122, RFC 4291). */
export function isLoopback(host: string | undefined): boolean {
  return /^(localhost|.+\.localhost|(::ffff:)?127(\.\d+){3}|\[?::1\]?)$/i.test(host ?? '');
}
