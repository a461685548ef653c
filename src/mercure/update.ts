/** What a publisher sends to a hub (Mercure, "Publication"). */
export interface Update {
  /** One topic or more; the first is the canonical one. */
  topics: readonly string[];
  /** The content. An update without data is still an update. Default: `''`. */
  data?: string;
  /** The id it shall carry; the hub makes one where there is none. */
  id?: string;
  /** The event type subscribers see. Default: `message`. */
  type?: string;
  /** Only for subscribers whose token covers a topic of it. Default: `false`. */
  private?: boolean;
  /** Reconnection time for subscribers, in ms. */
  retry?: number;
}

/** An update as the form body of a `POST`. */
export function encodeUpdate(update: Update): URLSearchParams {
  const form = new URLSearchParams();
  for (const topic of update.topics) form.append('topic', topic);
  form.set('data', update.data ?? '');
  if (update.id !== undefined) form.set('id', update.id);
  if (update.type !== undefined) form.set('type', update.type);
  if (update.private) form.set('private', 'on');
  if (update.retry !== undefined) form.set('retry', String(update.retry));
  return form;
}
