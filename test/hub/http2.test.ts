// @vitest-environment node
import { once } from 'node:events';
import { connect, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import { expect, it, onTestFinished } from 'vitest';
import { createHub } from '../../src/hub/index.js';
import { HUB_PATH } from '../../src/mercure/index.js';
import { serveOverHttp2 } from '../servers/http2.js';

it('is served over HTTP/2 too: publishes reach streams', async () => {
  const hub = createHub({ openToAll: true });
  onTestFinished(() => hub.close());
  const server = await serveOverHttp2(hub, 100);
  onTestFinished(() => server.close());
  const session = connect(new URL(server.url).origin, { rejectUnauthorized: false });
  onTestFinished(() => session.destroy());

  const stream = await request(session, { ':path': `${HUB_PATH}?topic=room` });
  expect(stream.status).toBe(200);
  const posted = await request(
    session,
    { ':path': HUB_PATH, ':method': 'POST' },
    'topic=room&data=hi',
  );
  expect(posted.status).toBe(200);
  await expect.poll(stream.text).toContain('data: hi\n');
});

async function request(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body = '') {
  const type = 'application/x-www-form-urlencoded';
  const stream = session.request({ ...headers, ...(body && { 'content-type': type }) });
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  if (body) stream.end(body);
  const [answer] = (await once(stream, 'response')) as [{ ':status': number }];
  return { status: answer[':status'], text: () => text };
}
