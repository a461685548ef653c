import { createHmac } from 'node:crypto';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { setTimeout as delay } from 'node:timers/promises';

/** Whether there is a coturn on this machine. */
export const hasTurn = spawnSync('turnserver', ['--version']).error === undefined;

const SECRET = 'known to the server alone';

/**
 * A TURN server on this machine, which can be taken away and brought back. Its credentials are made
 * from a secret and expire (draft-uberti-behave-turn-rest).
 */
export class TurnServer {
  readonly #port: number;
  #process: ChildProcess | undefined;

  private constructor(port: number) {
    this.#port = port;
  }

  static async open(): Promise<TurnServer> {
    const server = new TurnServer(await freePort());
    await server.start();
    return server;
  }

  /**
   * As `RTCPeerConnection` takes it; everything goes through the server.
   *
   * @param lifetime How long the credentials are good, in seconds. Default: an hour.
   */
  rtc(lifetime = 3_600): RTCConfiguration {
    const urls = `turn:127.0.0.1:${this.#port}?transport=udp`;
    const username = `${Math.floor(Date.now() / 1_000) + lifetime}:u`;
    const credential = createHmac('sha1', SECRET).update(username).digest('base64');
    return { iceServers: [{ urls, username, credential }], iceTransportPolicy: 'relay' };
  }

  async start(): Promise<void> {
    const address = '127.0.0.1';
    this.#process = spawn(
      'turnserver',
      [
        '-n',
        `--listening-ip=${address}`,
        `--relay-ip=${address}`,
        `--listening-port=${this.#port}`,
        ...[
          '--no-tls',
          '--no-dtls',
          '--use-auth-secret',
          `--static-auth-secret=${SECRET}`,
          '--realm=x',
        ],
        ...['--allow-loopback-peers', '--no-cli', '--log-file=stdout', '--pidfile=/dev/null'],
      ],
      { stdio: 'ignore' },
    );
    await answers(this.#port, this.#process);
  }

  async stop(): Promise<void> {
    const process = this.#process;
    if (!process || process.exitCode !== null) return;
    const exited = once(process, 'exit');
    process.kill('SIGKILL');
    await exited;
  }
}

/** Asks for a binding (RFC 8489), as a browser does, until it is answered. */
async function answers(port: number, server: ChildProcess): Promise<void> {
  const request = Buffer.from(`000100002112a442${'00'.repeat(12)}`, 'hex');
  const socket = createSocket('udp4');
  let isAnswered = false;
  const answered = once(socket, 'message').then(() => (isAnswered = true));
  while (!isAnswered) {
    if (server.exitCode !== null) throw new Error('The TURN server did not start.');
    socket.send(request, port, '127.0.0.1');
    await Promise.race([answered, delay(50)]);
  }
  socket.close();
}

/** A port for UDP that nobody uses. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
