import { parseArgs } from 'node:util';
import { embedded, mercure, type OpenHub } from '../servers/TestHub.js';
import { FAULTS } from './faults.js';
import { Soak, type SoakReport } from './Soak.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    signals: { type: 'string', default: '100000' },
    faults: { type: 'string', default: '1000' },
    hub: { type: 'string', default: '' },
  },
});
const options = {
  seed: Number(values.seed ?? Math.floor(Math.random() * 1e6)),
  signals: Number(values.signals),
  faults: Number(values.faults),
};

const { MERCURE_BIN_0, MERCURE_BIN_1 } = process.env;
const hubs = new Map<string, OpenHub | undefined>([
  ['embedded 0.x', embedded({ protocol: '0.x' })],
  ['embedded 1.0', embedded({ protocol: '1.0' })],
  ['embedded, no topics', embedded({ protocol: '0.x', topics: false })],
  ['Mercure 0.24.2', MERCURE_BIN_0 ? mercure('0.x', MERCURE_BIN_0) : undefined],
  ['Mercure 1.0', MERCURE_BIN_1 ? mercure('1.0', MERCURE_BIN_1) : undefined],
]);

/** Runs every hub that is there, one after the other; a first Ctrl-C ends it with what there is. */
export async function main(): Promise<void> {
  console.log(`Seed ${options.seed}: npm run soak -- --seed ${options.seed} runs the same again.`);
  const reports = new Map<string, SoakReport | undefined>();
  let interrupted = false;
  let current: Soak | undefined;
  process.on('SIGINT', () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    current?.stop();
  });
  for (const [name, openHub] of hubs) {
    if (interrupted || !name.includes(values.hub)) continue;
    reports.set(name, undefined);
    if (!openHub) continue;
    current = new Soak(options);
    const soak = current;
    const progress = setInterval(() => console.log(line(name, soak)), 5_000);
    reports.set(name, await soak.run(openHub));
    clearInterval(progress);
    console.log(line(name, soak));
  }
  console.log(`\n${table(reports)}`);
  const failures = [...reports.values()].flatMap((report) => (report ? wrong(report) : []));
  for (const failure of failures.slice(0, 20)) console.log(failure);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

const VERDICTS = ['lost', 'doubled', 'disordered', 'rejected', 'gaps', 'errors'] as const;

function wrong(report: SoakReport): string[] {
  return VERDICTS.flatMap((verdict) => report[verdict].map((name) => `${verdict}: ${name}`));
}

function line(name: string, { report, struck }: Soak): string {
  const { sent, heard, doubled, disordered } = report;
  return `${name}: ${sent} sent, ${heard} heard, ${struck} faults, ${doubled.length} doubled, ${disordered.length} out of order`;
}

/** In Markdown: a column for each hub. */
function table(reports: Map<string, SoakReport | undefined>): string {
  const row = (title: string, value: (report: SoakReport) => string | number) => [
    title,
    ...[...reports.values()].map((report) => (report ? value(report) : 'not run')),
  ];
  const rows = [
    ['', ...reports.keys()],
    ['---', ...[...reports].map(() => '---:')],
    row('signals', ({ sent }) => sent),
    row('faults', ({ faults }) => [...faults.values()].reduce((sum, count) => sum + count, 0)),
    ...Object.keys(FAULTS).map((kind) => row(`· ${kind}`, ({ faults }) => faults.get(kind) ?? 0)),
    ...VERDICTS.map((verdict) => row(`**${verdict}**`, (report) => report[verdict].length)),
    row('lost, and told by a gap', ({ told }) => told.length),
    row('seconds', ({ seconds }) => Math.round(seconds)),
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
