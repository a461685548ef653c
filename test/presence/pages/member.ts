import { SseDriver } from '../../../src/driver/index.js';
import { Presence } from '../../../src/presence/index.js';

// The page that hub.test.ts opens many times: a member who keeps what it sees.

const query = new URL(document.URL).searchParams;
const authorization = query.get('authorization');
const driver = new SseDriver({
  url: query.get('hub')!,
  publisher: authorization ? { headers: { Authorization: authorization } } : {},
  retry: { base: 100, max: 500 },
});
const presence = new Presence({
  driver,
  topic: query.get('topic')!,
  me: { name: query.get('name')! },
  beat: Number(query.get('beat')),
});
const member = {
  driver,
  presence,
  /** Every list of others it has shown. */
  shown: [] as string[][],
  others: () => presence.state.others.map(({ data }) => data.name).sort(),
};

export type MemberPage = typeof member;

presence.onChange(() => member.shown.push(member.others()));
presence.join();
Object.assign(globalThis, { member });
