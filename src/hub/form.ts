import type { HubRequest } from './exchange.js';
import { Refusal } from './Refusal.js';
import type { Settings } from './options.js';

const FORM_TYPE =
  /^application\/x-www-form-urlencoded\s*(;\s*([\w!#$&^.+-]+=("[^"]*"|[\w!#$&^.+-]+)\s*)?)*$/i;

/** How long a body may take to arrive, in ms. */
const TIME_LIMIT = 30_000;

/** The largest body of a subscription, in bytes: anybody may send one. */
const MAX_QUERY = 1024 * 1024;

/** The most bytes of unfinished bodies that a hub holds, as a multiple of `maxBody`. */
const MAX_PENDING = 16;

/** Reads the forms of requests: no more of one than may be, and not too many at once. */
export class FormReader {
  readonly #settings: Settings;
  #pendingBytes = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /**
   * Reads the form of a `POST`.
   *
   * @throws a {@link Refusal} where it is no form, too large, too slow or badly encoded.
   */
  async readBody(request: HubRequest): Promise<URLSearchParams> {
    if (!FORM_TYPE.test(request.header('Content-Type') ?? '')) throw badRequest();
    return this.#parse(await this.#readText(request, this.#settings.maxBody));
  }

  /**
   * Reads the parameters of a subscription: those of its URL and, by `QUERY`, those of its body.
   *
   * @throws a {@link Refusal} where they are too large, too slow or badly encoded.
   */
  async readQuery(request: HubRequest): Promise<URLSearchParams> {
    const parameters = this.#parse(request.url.search.slice(1));
    if (request.method !== 'QUERY') return parameters;
    const body = this.#parse(await this.#readText(request, MAX_QUERY));
    return new URLSearchParams([...parameters, ...body]);
  }

  #parse(text: string): URLSearchParams {
    if (!isWellEncoded(text, this.#settings)) throw badRequest();
    return new URLSearchParams(text);
  }

  async #readText(request: HubRequest, limit: number): Promise<string> {
    if (Number(request.header('Content-Length')) > limit) throw this.#tooLarge();
    const fatal = this.#settings.protocol !== '0.x';
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal });
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), TIME_LIMIT);
    let length = 0;
    let text = '';
    const take = (bytes: Uint8Array) => {
      length += bytes.byteLength;
      this.#pendingBytes += bytes.byteLength;
      if (length > limit) throw this.#tooLarge();
      if (this.#pendingBytes > MAX_PENDING * this.#settings.maxBody) throw busy();
      text += decoder.decode(bytes, { stream: true });
    };
    try {
      if (!(await request.read(take, timeout.signal))) throw new Refusal(408, 'Request Timeout');
      return text + decoder.decode();
    } catch (error) {
      throw error instanceof TypeError ? badRequest() : error;
    } finally {
      clearTimeout(timer);
      this.#pendingBytes -= length;
    }
  }

  #tooLarge(): Refusal {
    return this.#settings.protocol === '0.x'
      ? badRequest()
      : new Refusal(413, 'Request Entity Too Large');
  }
}

function badRequest(): Refusal {
  return new Refusal(400, 'Bad Request');
}

function busy(): Refusal {
  return new Refusal(503, 'Too many large requests at once', { 'Retry-After': '1' });
}

/** Refuses what `URLSearchParams` takes: wrong escapes, and the semicolon, which once separated fields. */
function isWellEncoded(body: string, { protocol }: Settings): boolean {
  if (body.includes(';')) return false;
  if (protocol === '0.x') return !/%(?![\da-f]{2})/i.test(body);
  try {
    // The result is compared, so that no bundler takes the call for one without effect.
    return decodeURIComponent(body).length <= body.length;
  } catch {
    return false;
  }
}
