/** A component's own class, and what its user added. */
export function className(own: string, added: string | undefined): string {
  return added ? `${own} ${added}` : own;
}
