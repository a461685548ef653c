// @vitest-environment node
import { createBrotliCompress, createDeflate, createGzip } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stopClock } from '../faults/clock.js';
import type { Reply, ScriptedStream } from '../servers/ScriptedHub.js';
import { connect, encode, listen, logReports, openScriptedHub, reasonOf, reopens } from './rig.js';

// Answers of what is no hub, or of something between it and the page.

describe('a publish that is answered by something else', () => {
  it.each([301, 302, 303, 307, 308])(
    '%i to a login page: not followed, and final',
    async (status) => {
      const hub = await openScriptedHub();
      hub.respond = (_, reply) => reply.answer(status, '', { Location: '/login' });
      const error = await reasonOf(connect({ url: hub.url }).publish('room', encode('x')));
      expect(error.code).toBe('not-a-hub');
      expect(error.message).toMatch(/redirect/);
      expect(hub.requests.map(({ method }) => method)).toEqual(['POST']);
    },
  );

  it.each(['text/html', 'text/html; charset=utf-8', 'TEXT/HTML'])(
    '200 with %s: final',
    async (type) => {
      const hub = await openScriptedHub();
      hub.respond = (_, reply) =>
        reply.answer(200, '<html>log in</html>', { 'Content-Type': type });
      const error = await reasonOf(connect({ url: hub.url }).publish('room', encode('x')));
      expect(error).toMatchObject({ code: 'not-a-hub', status: 200 });
      expect(hub.requests.length).toBe(1);
    },
  );

  it('an empty url is refused, and nothing is sent to the page itself', async () => {
    const driver = connect({ url: '' });
    for (const attempt of [driver.publish('room', encode('x')), listen(driver, 'room')]) {
      const error = await reasonOf(attempt);
      expect(error).toMatchObject({ code: 'usage' });
      expect(error.message).toContain('`url`');
    }
  });
});

describe('the answer to a publish as a cursor', () => {
  async function cursorAfter(answer: (reply: Reply) => void): Promise<string | undefined> {
    const hub = await openScriptedHub();
    const { respond } = hub;
    hub.respond = (request, reply) =>
      request.method === 'POST' ? answer(reply) : respond(request, reply);
    const driver = connect({ url: hub.url, protocol: '1.0' });
    await listen(driver, 'room');
    await driver.publish('room', encode('x'));
    await reopens(driver, () => hub.stream.reset());
    return hub.subscriptions[1]!.cursor;
  }

  it('is taken where it can be an id', async () => {
    expect(await cursorAfter((reply) => reply.answer(200, 'urn:uuid:1'))).toBe('urn:uuid:1');
  });

  it.each([
    ['nothing', ''],
    ['several lines', 'one\ntwo'],
    ['a NUL', 'a\0b'],
    ['a text without end', 'x'.repeat(100_000)],
  ])('is not taken where it is %s', async (_, body) => {
    expect(await cursorAfter((reply) => reply.answer(200, body))).toBeUndefined();
  });

  it('is not taken where it is JSON', async () => {
    const json = { 'Content-Type': 'application/json' };
    expect(await cursorAfter((reply) => reply.answer(201, '{"ok":true}', json))).toBeUndefined();
  });
});

describe('a proxy that compresses the event stream', () => {
  const codings = [
    ['gzip', () => createGzip()],
    ['deflate', () => createDeflate()],
    ['br', () => createBrotliCompress()],
  ] as const;

  it.each(codings)('with %s: open with the first byte', async (coding, create) => {
    const hub = await openScriptedHub();
    let stream!: ScriptedStream;
    hub.respond = (_, reply) => {
      stream = reply.stream({ 'Content-Encoding': coding }, '');
    };
    const driver = connect({ url: hub.url });
    const reports = logReports(driver);
    const subscribed = listen(driver, 'room');
    await expect.poll(() => hub.streams.size).toBe(1);
    const compressor = create();
    compressor.on('data', (chunk: Buffer) => stream.write(chunk));
    const send = (text: string) => {
      compressor.write(text);
      compressor.flush();
    };
    expect(driver.connection.status).toBe('connecting');
    send(':\n');
    const heard = await subscribed;
    send('data: hello\n\n');
    await expect.poll(() => heard).toEqual(['hello']);
    expect(reports.errors).toEqual([]);
  });

  it('and holds it back: the error names the header and what to do, once', async () => {
    const hub = await openScriptedHub();
    const clock = stopClock();
    onTestFinished(() => clock.start());
    hub.respond = (_, reply) => reply.stream({ 'Content-Encoding': 'gzip' }, '');
    const driver = connect({ url: hub.url });
    const reports = logReports(driver);
    void listen(driver, 'room').catch(() => {});
    await expect.poll(() => hub.streams.size).toBe(1);
    await clock.pass(12_000);
    await expect.poll(() => reports.errors.map(({ code }) => code)).toEqual(['buffered']);
    expect(reports.errors[0]!.message).toMatch(/Content-Encoding: gzip.*Turn compression off/);
    expect(driver.active).toBe(false);
  });

  it.each(['identity', 'none', ''])(
    'not at all, with the coding %j: open at once',
    async (coding) => {
      const hub = await openScriptedHub();
      hub.respond = (_, reply) => reply.stream({ 'Content-Encoding': coding }, '');
      const driver = connect({ url: hub.url });
      await listen(driver, 'room');
      expect(driver.active).toBe(true);
    },
  );
});
