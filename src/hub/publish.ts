import { HUB_PATH, type Update } from '../mercure/index.js';
import type { Settings } from './options.js';
import { EARLIEST } from './History.js';
import { Refusal } from './Refusal.js';

const MAX_TOPICS = 1000;
const MAX_RETRY = 2n ** 64n - 1n;

/** The update that a publisher's form describes (Mercure, "Publication"). */
export function readUpdate(form: URLSearchParams): Update {
  const retry = form.get('retry');
  if (retry && (!/^\d+$/.test(retry) || BigInt(retry) > MAX_RETRY))
    throw new Refusal(400, 'Invalid "retry" parameter');
  return {
    topics: form.getAll('topic'),
    data: form.get('data') ?? '',
    id: form.get('id') || undefined,
    type: form.get('type') || undefined,
    private: form.has('private'),
    retry: retry ? Number(retry) : undefined,
  };
}

/**
 * Refuses an update that would break a stream or pass for one of the hub's own.
 *
 * @throws a {@link Refusal} that says why.
 */
export function checkUpdate(update: Update, settings: Settings): void {
  const { topics, id = '', type = '' } = update;
  const modern = settings.protocol !== '0.x';
  if (topics.length === 0 || (modern && topics.includes('')))
    throw bad('Missing "topic" parameter');
  if (topics.length > MAX_TOPICS) throw bad('Too many topics in this update');
  if (topics.some(hasControl)) throw bad('A "topic" contains a control character');
  if (topics.some((topic) => isReserved(topic, modern))) {
    throw new Refusal(modern ? 400 : 403, `Topics under ${HUB_PATH} belong to the hub`);
  }
  if (breaksLine(id) || (modern && (hasControl(id) || id.startsWith('#') || id === EARLIEST))) {
    throw bad('Invalid "id" parameter');
  }
  if (breaksLine(type) || (modern && (hasControl(type) || type === 'mercure')))
    throw bad('Invalid "type" parameter');
  if (modern && topics.includes('*')) throw bad('The topic "*" is reserved');
  if (encodedLength(update) > 2 * settings.maxBody) {
    throw new Refusal(modern ? 413 : 400, 'The update has too many lines to be sent');
  }
}

/** How long an update is in a stream, about: each line of its data becomes a field of its own. */
function encodedLength({ topics, data = '' }: Update): number {
  const lines = data.match(/\r\n?|\n/g)?.length ?? 0;
  return topics.join('topics: \n').length + data.length + lines * 'data: '.length;
}

function bad(message: string): Refusal {
  return new Refusal(400, message);
}

function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function breaksLine(text: string): boolean {
  return /[\0\r\n]/.test(text);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Whether a topic, made absolute in whatever way it is written, lies in the hub's own space. */
function isReserved(topic: string, modern: boolean): boolean {
  if (!modern) return topic.includes(HUB_PATH);
  const base = `http://hub${HUB_PATH}`;
  const path = URL.canParse(topic, base) ? decode(new URL(topic, base).pathname) : '';
  return path === HUB_PATH || path.startsWith(`${HUB_PATH}/`);
}
