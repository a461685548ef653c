/** An id can be any text, a header cannot: none is better than a wrong one. */
export function isHeaderValue(id: string): boolean {
  return /^[!-~]([ -~]*[!-~])?$/.test(id);
}
