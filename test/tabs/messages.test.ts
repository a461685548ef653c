// @vitest-environment node
import { expect, it } from 'vitest';
import { OPEN } from '../../src/driver/connection/Connection.js';
import { SignalingError } from '../../src/driver/index.js';
import { pack, unpack, type NumberedMessage } from '../../src/driver/tabs/messages.js';

const error = new SignalingError('rejected', 'No.', { status: 400, topic: 'room', retryAfter: 5 });
const lost = { ...OPEN, status: 'reconnecting', error } as const;
const link = { type: 'linked', keys: ['room'], link: lost, stream: 1 } as const;
const position = { term: 1, number: 2 };

it.each<[string, NumberedMessage]>([
  ['a refusal', { type: 'refused', key: 'room', error, ...position }],
  ['a link', { ...link, ...position }],
  [
    'a leader',
    { type: 'lead', members: new Map(), resumed: new Set(), links: [link], ...position },
  ],
  ['an answer', { type: 'posted', tab: 'a', request: 1, id: 'x', error: undefined, ...position }],
])('the errors of %s arrive with their code, and all else as it was', (_, message) => {
  const arrived = unpack(structuredClone(pack(message)));
  expect(arrived).toEqual(message);
  const errorsOf = ({ error, link, links = [] }: any): unknown[] =>
    [error, link?.error, ...links.map(errorsOf)].flat().filter(Boolean);
  for (const each of errorsOf(arrived)) {
    expect(each).toBeInstanceOf(SignalingError);
    expect(each).toMatchObject({ code: 'rejected', status: 400, topic: 'room', retryAfter: 5 });
  }
});
