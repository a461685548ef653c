import { connect } from 'node:net';
import { HUB_PATH } from '../../src/mercure/index.js';
import type { OddRequest } from './oddRequests.js';

/** What of an answer the protocol is about. */
export interface Answer {
  status: number;
  type?: string | undefined;
  challenge?: string | undefined;
  cursor?: string | undefined;
  allowOrigin?: string | undefined;
  link?: string | undefined;
}

/** These ids mean the same on every hub; others are made up by it. */
const KNOWN_IDS = ['one', 'two', 'earliest'];

/** Sends a request as it is, byte for byte, and reads the head of the answer. */
export function ask(url: string, request: OddRequest): Promise<Answer> {
  const { host, hostname, port } = new URL(url);
  const { method = 'GET', target = '', headers = [], body } = request;
  const bytes = body === undefined ? undefined : Buffer.from(body as string);
  const head = [
    `${method} ${HUB_PATH}${target.replaceAll(' ', '%20')} HTTP/1.1`,
    `Host: ${host}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(bytes ? [`Content-Length: ${bytes.byteLength}`] : []),
    'Connection: close',
  ].join('\r\n');
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      socket.destroy();
      resolve(readHead(text.slice(0, end)));
    });
    socket.on('close', () => reject(new Error(`No answer: ${request.name}`)));
    // A hub may answer, and end the connection, before it has read all.
    socket.on('error', () => {});
    socket.write(`${head}\r\n\r\n`, 'latin1');
    if (bytes) socket.write(bytes);
  });
}

function readHead(head: string): Answer {
  const [first, ...lines] = head.split('\r\n');
  const headers = new Headers(lines.map((line) => line.split(/:\s*(.*)/s, 2) as [string, string]));
  const status = Number(first!.split(' ')[1]);
  const cursor = headers.get('Mercure-Last-Event-ID') ?? headers.get('Last-Event-ID');
  return {
    status,
    type: status === 200 ? headers.get('Content-Type')?.split(';')[0] : undefined,
    // Where more about the hub can be found (RFC 9728), which 1.0 adds, is not compared.
    challenge: headers
      .get('WWW-Authenticate')
      ?.replace(/,? (error_description|resource_metadata)="[^"]*"/g, ''),
    cursor: cursor === null || KNOWN_IDS.includes(cursor) ? (cursor ?? undefined) : '(made up)',
    allowOrigin: headers.get('Access-Control-Allow-Origin') ?? undefined,
    link:
      status === 200
        ? headers.get('Link')?.replace(/(?<=last-event-id=")[^"]*/, '(made up)')
        : undefined,
  };
}
