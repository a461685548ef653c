import { createServer } from 'node:http';
import type { Hub, HubStats } from './Hub.js';
import { listen, type Listening } from './listen.js';

/** A hub that is this far behind its log, in ms, is not healthy. */
const MAX_LAG = 10_000;

/** What `/metrics` tells, in Mercure's own names where it has them. */
const METRICS: [
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  (stats: HubStats) => number,
][] = [
  ['mercure_subscribers_connected', 'gauge', 'Open streams', (stats) => stats.subscribers],
  [
    'mercure_subscribers_total',
    'counter',
    'Streams there ever were',
    (stats) => stats.subscriptions,
  ],
  [
    'mercure_subscribers_dropped_total',
    'counter',
    'Streams cut because of slow readers',
    (stats) => stats.dropped,
  ],
  ['mercure_updates_total', 'counter', 'Updates that came from the log', (stats) => stats.updates],
  [
    'mercure_deliveries_total',
    'counter',
    'Updates sent, times their subscribers',
    (stats) => stats.deliveries,
  ],
  [
    'mercure_history_updates',
    'gauge',
    'Updates that are remembered',
    (stats) => stats.historyUpdates,
  ],
  ['mercure_history_bytes', 'gauge', 'Memory they take', (stats) => stats.historyBytes],
  [
    'mercure_storage_lag_seconds',
    'gauge',
    'How far behind the log this hub is',
    (stats) => stats.storageLag / 1000,
  ],
];

/** Serves `/health` and, for Prometheus, `/metrics` of a hub. */
export function monitor(hub: Hub, at: { host: string; port: number }): Promise<Listening> {
  const server = createServer(({ url }, response) => {
    if (url === '/health') {
      const { state, storageLag } = hub.stats;
      const isHealthy = state === 'ready' && storageLag <= MAX_LAG;
      const status = state === 'ready' && !isHealthy ? 'behind' : state;
      response.writeHead(isHealthy ? 200 : 503, { 'Content-Type': 'application/json' });
      response.end(`${JSON.stringify({ status })}\n`);
    } else if (url === '/metrics') {
      response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(renderMetrics(hub.stats));
    } else response.writeHead(404).end();
  });
  return listen(server, at);
}

function renderMetrics(stats: HubStats): string {
  return METRICS.map(
    ([name, type, help, read]) =>
      `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${read(stats)}\n`,
  ).join('');
}
