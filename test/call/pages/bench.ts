import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { allConnected, CallRig, waitFor, type CallPage } from './CallRig.js';
import type { Sent } from './page.js';
import { rows, type Row } from './rows.js';

const { ROUNDS = '30', PEERS = '8', SCALE = '1', SEED = '1', ONLY, ROW = '' } = process.env;

/** So many people with a picture of so many lines: eight larger ones are too much for two cores. */
const SENDING = [
  [2, 480],
  [4, 480],
  [2, 120],
  [4, 120],
  [8, 120],
] as const;
/** For so many seconds what is sent is measured. */
const MEASURED = 10;

/**
 * `npm run bench:call`: rounds of pages that enter together, two beside plain WebRTC, what
 * sending costs, and faults.
 */
export async function main(): Promise<void> {
  const rig = await CallRig.open();
  try {
    if (!ONLY || ONLY === 'pair') console.table(await measurePair(rig, 15));
    if (!ONLY || ONLY === 'rounds') {
      console.table(await measureRounds(rig, Number(PEERS), Number(ROUNDS)));
    }
  } finally {
    await rig.close();
  }
  if (!ONLY || ONLY === 'sending') {
    const table: Record<string, object> = {};
    for (const [people, lines] of SENDING) {
      table[`${people} people, ${lines} lines`] = await measureSending(people, lines);
    }
    console.table(table);
  }
  if (!ONLY || ONLY === 'faults') console.table(await measureFaults(Number(SCALE), Number(SEED)));
}

/** So many pages without media enter within 100 ms of each other, in so many rounds. */
async function measureRounds(rig: CallRig, peers: number, rounds: number) {
  const pages = await rig.prepareAll(peers, { height: 0 });
  const times: number[] = [];
  const posts: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const room = rig.newRoom();
    // All are gone before the first one comes.
    for (const page of pages) await page.close();
    for (const page of pages) await page.reload({ room });
    const before = rig.posts;
    await Promise.all(
      pages.map(async (page) => {
        await delay(Math.random() * 100);
        await page.join();
      }),
    );
    const time = await waitFor(() => allConnected(pages));
    console.log(`round ${round + 1}: ${time ?? 'not connected'} ms, ${rig.posts - before} POSTs`);
    if (time !== undefined) times.push(time);
    posts.push(rig.posts - before);
  }
  return {
    'rounds with all pairs': `${times.length} of ${rounds}`,
    'ms until all are connected, median': median(times),
    'ms until all are connected, most': Math.max(...times),
    'POSTs, median': median(posts),
    'POSTs, most': Math.max(...posts),
  };
}

/** Two pages through the hub, beside two plain connections whose descriptions are handed over. */
async function measurePair(rig: CallRig, rounds: number) {
  const pages = await rig.prepareAll(2);
  const [first, second] = pages as [(typeof pages)[0], (typeof pages)[0]];
  const plain: number[] = [];
  const call: number[] = [];
  const hub: number[] = [];
  for (let round = 0; round < rounds; round++) {
    plain.push(await first.page.evaluate('plainWebRtc()'));
    const room = rig.newRoom();
    for (const page of pages) await page.close();
    for (const page of pages) await page.reload({ room });
    hub.push(await second.page.evaluate('roundTrip()'));
    await first.join();
    await delay(1_500);
    await second.join();
    await waitFor(() => allConnected(pages));
    call.push((await second.look(({ connectedAfter }) => connectedAfter[0]))!);
  }
  const [alone, through, trip] = [plain, call, hub].map(median) as [number, number, number];
  return {
    'plain WebRTC in one page with the same media, ms': alone,
    'one round trip to the hub (POST to event), ms': trip,
    'from joining to connected, ms': through,
    'ratio to plain + 2 round trips': (through / (alone + 2 * trip)).toFixed(2),
  };
}

/** What pages of so many people send once they have found their rate, and what that costs. */
async function measureSending(people: number, height: number) {
  const rig = await CallRig.open();
  try {
    const pages = await rig.prepareAll(people, { height });
    for (const page of pages) await page.join();
    const time = await waitFor(() => allConnected(pages), 120_000);
    await delay(20_000);
    const before = await countAll(rig, pages);
    await delay(MEASURED * 1_000);
    const after = await countAll(rig, pages);
    const each = (count: 'cpu' | 'bytes' | 'pictures') =>
      (after[count] - before[count]) / MEASURED / people;
    return {
      'ms until all are connected': time,
      'cores a page': each('cpu').toFixed(2),
      'sent by a page, kbit/s': Math.round((each('bytes') * 8) / 1_000),
      'pictures a second to each peer': (each('pictures') / (people - 1)).toFixed(1),
      'lines sent': after.lines,
    };
  } finally {
    await rig.close();
  }
}

async function countAll(rig: CallRig, pages: readonly CallPage[]) {
  const cpu = await rig.processorTime();
  const all = await Promise.all(pages.map((page) => page.page.evaluate<Sent>('countSent()')));
  const sum = (count: keyof Sent) => all.reduce((total, each) => total + each[count], 0);
  const lines = Math.round(sum('lines') / pages.length);
  return { cpu, bytes: sum('bytes'), pictures: sum('pictures'), lines };
}

/** A few at a time, for most of it is waiting. */
async function measureFaults(scale: number, seed: number) {
  const table: Record<string, string> = {};
  const left = rows(scale, seed).filter(({ name }) => name.includes(ROW));
  const work = async (): Promise<void> => {
    for (let row = left.shift(); row; row = left.shift()) {
      table[row.name] = row.lacks ? `not run: no ${row.lacks}` : await measureFault(row);
      console.log(`${row.name}: ${table[row.name]}`);
    }
  };
  await Promise.all([work(), work(), work()]);
  return table;
}

async function measureFault({ run }: Row): Promise<string> {
  const rig = await CallRig.open();
  try {
    const time = await run(rig);
    return time === undefined ? 'not within 60 s' : `${(time / 1_000).toFixed(1)} s`;
  } catch (error) {
    return String(error).slice(0, 120);
  } finally {
    await rig.close();
  }
}

function median(values: readonly number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN);
}
