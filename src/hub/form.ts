import { Refusal } from './Refusal.js';
import type { Settings } from './options.js';

const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/**
 * Reads a request's form, no more of it than may be.
 *
 * @throws a {@link Refusal} where it is no form, too large or badly encoded.
 */
export async function readForm(request: Request, settings: Settings): Promise<URLSearchParams> {
  if (!FORM_TYPE.test(request.headers.get('Content-Type') ?? '')) throw badRequest();
  const body = await readText(request, settings);
  if (!isWellEncoded(body, settings)) throw badRequest();
  return new URLSearchParams(body);
}

function badRequest(): Refusal {
  return new Refusal(400, 'Bad Request');
}

async function readText(request: Request, { protocol, maxBody }: Settings): Promise<string> {
  const tooLarge = () =>
    protocol === '0.x' ? badRequest() : new Refusal(413, 'Request Entity Too Large');
  if (Number(request.headers.get('Content-Length')) > maxBody) throw tooLarge();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let length = 0;
  let text = '';
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > maxBody) throw tooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** `URLSearchParams` takes whatever it gets; a hub does not. */
function isWellEncoded(body: string, { protocol }: Settings): boolean {
  if (protocol === '0.x') return !/%(?![\da-f]{2})/i.test(body);
  try {
    decodeURIComponent(body);
    return true;
  } catch {
    return false;
  }
}
