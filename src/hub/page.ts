/** What the page tells. No secret is among it. */
export interface PageFacts {
  /** Where the hub is. */
  url: string;
  /** Who may publish and subscribe, in a sentence each. */
  access: string;
  /** How many streams are open. */
  subscribers: number;
  /** The parameter that selects every topic without a token; `undefined` where one is needed. */
  liveQuery: string | undefined;
}

const SECURITY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': SECURITY,
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};

/** The page that shows that a hub is alive, and what is published while one looks. */
export function renderPage({ url, access, subscribers, liveQuery }: PageFacts): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Mercure hub</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
  body { max-width: 48rem; margin: 3rem auto; padding: 0 1rem }
  code, ol { font-family: ui-monospace, monospace }
  li { overflow-wrap: anywhere }
</style>
<h1>Mercure hub</h1>
<p>Alive at <code>${escapeHtml(url)}</code>. ${escapeHtml(access)}</p>
<p>Open streams: ${subscribers}.</p>
${liveQuery === undefined ? '<p>Subscribing takes a token.</p>' : liveLog(url, liveQuery)}
</html>
`;
}

function liveLog(url: string, query: string): string {
  const { pathname } = new URL(url);
  return `<h2>Live</h2>
<p id="status" role="status">Connecting…</p>
<ol id="log"></ol>
<script>
  const show = (text) => { document.getElementById('status').textContent = text };
  const source = new EventSource('${pathname}?${query}');
  source.onopen = () => show('Listening to every public update.');
  source.onerror = () => show('Disconnected, trying again…');
  source.onmessage = ({ data, lastEventId }) => {
    const item = document.createElement('li');
    item.textContent = lastEventId + ' ' + data.slice(0, 200);
    const log = document.getElementById('log');
    log.prepend(item);
    while (log.childElementCount > 50) log.lastChild.remove();
  };
</script>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
