/** What a resource says of its updates (Mercure, "Discovery"). */
export interface MercureLink {
  /** The URL of the hub; `undefined` where the response names none. */
  readonly hub: string | undefined;
  /** The topic of the resource: its `rel="self"` link, else the URL it was fetched from. */
  readonly topic: string | undefined;
  /** The last update that is part of the response, for `since`; `undefined` where it names none. */
  readonly lastEventId: string | undefined;
}

// RFC 8288 §3: `<target>; name=token; name="quoted"`. A comma may stand in both.
const LINK = /<([^>]*)>((?:\s*;\s*[^\s;,="]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/g;
const PARAMETER = /;\s*([^\s;,="]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/g;

/**
 * Reads the `Link` header ([RFC 8288](https://www.rfc-editor.org/rfc/rfc8288)) with which a resource
 * names its hub, its topic and its last update, so that `since` goes on where its data ends. A
 * response without one gives `hub: undefined`. Across origins the server must expose the header
 * (`Access-Control-Expose-Headers: Link`).
 *
 * @param response What `fetch` gave, or as much of it as has its headers.
 *
 * @example
 * ```ts
 * const response = await fetch('https://example.com/books/1');
 * const { hub, topic, lastEventId } = readMercureLink(response);
 * ```
 */
export function readMercureLink({ headers, url }: Pick<Response, 'headers' | 'url'>): MercureLink {
  let hub: string | undefined;
  let topic: string | undefined;
  let lastEventId: string | undefined;
  for (const [, target, rest] of (headers.get('Link') ?? '').matchAll(LINK)) {
    const parameters = readParameters(rest!);
    const relations = parameters.get('rel')?.toLowerCase().split(/\s+/) ?? [];
    if (relations.includes('self')) topic ??= resolve(target!, url);
    if (!relations.includes('mercure') || hub !== undefined) continue;
    hub = resolve(target!, url);
    lastEventId = parameters.get('last-event-id') || undefined;
  }
  return { hub, topic: topic ?? (url || undefined), lastEventId };
}

/** Of a name that comes twice, the first counts. */
function readParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name, quoted, token] of text.matchAll(PARAMETER)) {
    const key = name!.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, '$1') ?? token ?? '');
  }
  return parameters;
}

/** An absolute one stays as it is written: a topic is compared by its text. */
function resolve(target: string, base: string): string | undefined {
  if (/^[a-z][a-z\d+.-]*:/i.test(target)) return target;
  try {
    return new URL(target, base || globalThis.location?.href).href;
  } catch {
    return undefined;
  }
}
