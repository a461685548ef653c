import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import cors from 'cors';
import express, { type Response } from 'express';

/**
 * The hub people write themselves after the driver's document: forty lines of Express that know
 * neither ids nor heartbeats, history nor tokens.
 */
export async function startBareHub(): Promise<{ url: string; close: () => Promise<void> }> {
  const app = express();
  app.use(express.urlencoded({ extended: true }));
  app.use(cors({ origin: true, credentials: true }));

  const subscribers = new Map<string, Set<Response>>();
  const toList = (value: unknown) => (value === undefined ? [] : [value].flat()) as string[];

  app.get('/.well-known/mercure', (req, res) => {
    const topics = toList(req.query.topic);
    if (topics.length === 0) {
      res.status(400).end();
      return;
    }
    for (const topic of topics) {
      subscribers.set(topic, (subscribers.get(topic) ?? new Set()).add(res));
    }
    res.setHeader('Content-Type', 'text/event-stream');
    res.setHeader('Cache-Control', 'no-cache');
    res.flushHeaders();
    req.on('close', () => {
      for (const topic of topics) subscribers.get(topic)?.delete(res);
      res.end();
    });
  });

  app.post('/.well-known/mercure', (req, res) => {
    const { topic, data = '' } = (req.body ?? {}) as { topic?: unknown; data?: string };
    for (const name of toList(topic)) {
      for (const subscriber of subscribers.get(name) ?? []) subscriber.write(`data: ${data}\n\n`);
    }
    res.status(200).end();
  });

  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/mercure`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
