// @vitest-environment node
import { expect, it } from 'vitest';
import { ORIGIN } from '../hubs/oddRequests.js';
import type { Answer } from '../hubs/ask.js';
import { askAll, recordedAnswers, type Answers } from '../hubs/record.js';
import { AUDIENCE, DEMO_KEY, ISSUER } from './client.js';
import { hubFor } from './hubs.js';

const key = { key: DEMO_KEY };
const options = {
  '0.x': { protocol: '0.x' },
  '1.0': {
    protocol: '1.0',
    issuer: ISSUER,
    audience: AUDIENCE,
    cookieName: 'mercure_access_token',
  },
} as const;

const toEach = (names: readonly string[], answer: Answer): Answers =>
  Object.fromEntries(names.map((name) => [name, answer]));

/** What a verifier must not pass over (RFC 7515 §4.1.11, RFC 7797 §6), and a time that is none. */
const WRONG_TOKENS = [
  'publishes with a token that expires at a text',
  'publishes with a token with an extension that is critical',
  'publishes with a token with a payload that is not encoded',
];

/** Where this hub differs on purpose, and what it answers instead. */
const differences: Record<'0.x' | '1.0', Answers> = {
  '0.x': {
    ...toEach(WRONG_TOKENS, { status: 401 }),
    // Control characters in a topic would break the fields that name it.
    ...toEach(
      ['%09b', '%0Ab', '%0Db', '%00b', '%7Fb', '%C2%85b'].map((rest) => `publishes on a${rest}`),
      { status: 400 },
    ),
    // Mercure names the last update that the subscriber selects and may see; this hub names the place
    // behind all updates, by the second id of an announcement that the subscriber may not see.
    ...toEach(
      [
        'resumes by lastEventID=unknown',
        'resumes by a header and the header "unknown"',
        'resumes by lastEventID=one&last_event_id=one and the header "unknown"',
      ],
      { status: 200, type: 'text/event-stream', cursor: '(made up)' },
    ),
    // Go guesses the type of the answer by the id in it.
    'publishes id=x%07': { status: 200, type: 'text/plain' },
  },
  '1.0': toEach(WRONG_TOKENS, { status: 401, challenge: 'Bearer error="invalid_token"' }),
};

it.each(['0.x', '1.0'] as const)(
  'answers odd requests as the real hub does (%s)',
  async (version) => {
    const { url, hub } = await hubFor({
      ...options[version],
      publisherJwt: key,
      subscriberJwt: key,
      anonymous: true,
      subscriptions: true,
      corsOrigins: [ORIGIN],
    });
    for (const id of ['one', 'two']) await hub.publish({ topics: ['a'], id });
    const answers = await askAll(url, version);
    expect(answers).toEqual({ ...(await recordedAnswers(version)), ...differences[version] });
  },
);
