import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../../servers/random.js';
import { hasTurn, TurnServer } from '../../servers/turn.js';
import { allConnected, waitFor, type BrowserPage, type CallPage, type CallRig } from './CallRig.js';
import { hasFirefox } from './Firefox.js';

/** What happens to a call, and how long it then takes until everybody is connected again. */
export interface Row {
  readonly name: string;
  /** Returns the ms from the end of the cause on; `undefined`: not within a minute. */
  readonly run: (rig: CallRig) => Promise<number | undefined>;
  /** The program it needs that is not on this machine. */
  readonly lacks: string | undefined;
  /** Whether it is short enough for a test. */
  readonly quick: boolean;
}

type Pages = readonly CallPage<BrowserPage>[];

const TURN = { lacks: hasTurn ? undefined : 'coturn' };
const FIREFOX = { lacks: hasFirefox ? undefined : 'firefox-esr' };

/** How long after the others the hub goes away while somebody joins, in ms: drawn from a seed. */
function moments(count: number, seed: number): number[] {
  const random = new Random(seed);
  // Most of joining is over after 200 ms.
  return Array.from({ length: count }, () => random.between(0, 200));
}

/**
 * What a room has to survive.
 *
 * @param scale How long the causes last: 1 as in the docs, less for a test.
 * @param seed Draws the moments at which the hub goes away.
 */
export function rows(scale: number, seed = 1): Row[] {
  const seconds = (full: number): number => full * scale;
  const wait = (full: number): Promise<void> => delay(seconds(full) * 1_000);
  const row = (
    name: string,
    run: (rig: CallRig) => Promise<number | undefined>,
    { lacks, quick = true }: { lacks?: string | undefined; quick?: boolean } = {},
  ): Row => ({ name, run, lacks, quick });

  const hubAway = (full: number, moment: number): Row =>
    row(
      `hub away for ${seconds(full)} s, ${moment} ms after one has begun to join`,
      async (rig) => {
        const pages = await rig.prepareAll(3);
        await pages[0]!.join();
        await pages[1]!.join();
        await Promise.all([pages[2]!.join(), delay(moment)]);
        await rig.hub.stop();
        await wait(full);
        await rig.hub.start();
        return everybody(pages);
      },
      { quick: full < 30 && moment < 60 },
    );

  return [
    ...moments(4, seed).map((moment) => hubAway(20, moment)),
    ...moments(2, seed + 1).map((moment) => hubAway(60, moment)),
    row(`POSTs refused for ${seconds(35)} s while they join`, async (rig) => {
      const pages = await rig.prepareAll(2);
      rig.proxy.decide = ({ method }) =>
        method === 'POST' ? { kind: 'answer', status: 503 } : undefined;
      await joinAll(pages);
      await wait(35);
      rig.proxy.decide = () => undefined;
      return everybody(pages);
    }),
    row(`page frozen for ${seconds(60)} s`, async (rig) => {
      const pages = await rig.prepareAll(3);
      await joinAll(pages);
      await everybody(pages);
      const session = await pages[0]!.page.context().newCDPSession(pages[0]!.page);
      // Chromium freezes no page that has a call by itself; a debugger stops its scripts.
      await session.send('Debugger.enable');
      await session.send('Debugger.pause');
      await wait(60);
      await expectFelt(pages, seconds(60));
      await session.send('Debugger.disable');
      return everybody(pages);
    }),
    row('tab killed: gone from the others', async (rig) => {
      const pages = await rig.prepareAll(3);
      await joinAll(pages);
      await everybody(pages);
      const [killed, ...others] = pages as [CallPage, ...CallPage[]];
      killed.page.goto('chrome://crash').catch(() => {});
      return waitFor(() => allConnected(others), 60_000);
    }),
    row('page loaded anew', async (rig) => {
      const pages = await rig.prepareAll(3);
      await joinAll(pages);
      await everybody(pages);
      await pages[0]!.reload();
      await pages[0]!.join();
      return everybody(pages);
    }),
    row(`both look for another path at once, ${Math.ceil(seconds(30))} times`, async (rig) => {
      const pages = await rig.prepareAll(2);
      await joinAll(pages);
      await everybody(pages);
      for (let round = 0; round < seconds(30); round++) {
        await changeNetwork(pages);
        if ((await everybody(pages)) === undefined) return undefined;
      }
      return everybody(pages);
    }),
    row('one enters while the others look for other paths', async (rig) => {
      const pages = await rig.prepareAll(4);
      const others = pages.slice(1);
      await joinAll(others);
      await everybody(others);
      await changeNetwork(others);
      await pages[0]!.join();
      await changeNetwork(others);
      return everybody(pages);
    }),
    row(
      'everything through a TURN server',
      async (rig) =>
        withTurn(async (turn) => {
          const pages = await rig.prepareAll(2, { rtc: turn.rtc() });
          await joinAll(pages);
          return everybody(pages);
        }),
      TURN,
    ),
    row(
      'credentials of the TURN server that expire, and another network',
      async (rig) =>
        withTurn(async (turn) => {
          rig.rtc = () => turn.rtc(2);
          const pages = await rig.prepareAll(2, { rtc: '/rtc' });
          await joinAll(pages);
          await everybody(pages);
          const before = await idsOf(pages);
          await delay(4_000);
          await changeNetwork(pages);
          const time = await everybody(pages);
          if (String(await idsOf(pages)) !== String(before)) throw new Error('Somebody rejoined.');
          return time;
        }),
      TURN,
    ),
    row(
      `TURN server away for ${seconds(45)} s`,
      async (rig) =>
        withTurn(async (turn) => {
          const pages = await rig.prepareAll(2, { rtc: turn.rtc() });
          await joinAll(pages);
          await everybody(pages);
          await turn.stop();
          await wait(45);
          await expectFelt(pages, seconds(45));
          await turn.start();
          return everybody(pages);
        }),
      TURN,
    ),
    row(
      `network of one away for ${seconds(60)} s`,
      async (rig) =>
        withTurn(async (turn) => {
          // All of its ways lead over the server, and the browser is offline for the hub.
          const room = rig.newRoom();
          const alone = await rig.prepare({ room, rtc: turn.rtc() });
          const pages = [alone, await rig.prepare({ room }), await rig.prepare({ room })];
          await joinAll(pages);
          await everybody(pages);
          await alone.page.context().setOffline(true);
          await turn.stop();
          await wait(60);
          await expectFelt(pages, seconds(60));
          await turn.start();
          await alone.page.context().setOffline(false);
          return everybody(pages);
        }),
      { ...TURN, quick: false },
    ),
    ...(['Chromium', 'Firefox'] as const).map((first) =>
      row(
        `${first} is called by ${first === 'Chromium' ? 'Firefox' : 'Chromium'}`,
        async (rig) => {
          const room = rig.newRoom();
          const pages = [await rig.prepare({ room }), await rig.prepareFirefox({ room })];
          if (first === 'Firefox') pages.reverse();
          await pages[0]!.join();
          await pages[0]!.page.evaluate('joined()');
          await pages[1]!.join();
          const time = await everybody(pages);
          // Both see the other one move, also over another path. Firefox breaks off a connection
          // that changes its path twice at once.
          await expectPictures(pages);
          for (let round = 0; round < 10; round++) {
            await changeNetwork(pages);
            if ((await everybody(pages)) === undefined) return undefined;
          }
          await expectPictures(pages);
          return time;
        },
        FIREFOX,
      ),
    ),
  ];
}

/** Every one of two sees more pictures of the other one. */
async function expectPictures(pages: Pages): Promise<void> {
  for (const page of pages) {
    const seen = () => page.look(({ pictures }) => [...pictures.values()][0] ?? 0);
    const before = await seen();
    const time = await waitFor(async () => (await seen()) > before + 3, 20_000);
    if (time === undefined) throw new Error('There is no picture.');
  }
}

async function idsOf(pages: Pages): Promise<(string | undefined)[]> {
  return Promise.all(pages.map((page) => page.look(({ call }) => call.state.id)));
}

/** A cause that lasted has had an effect. */
async function expectFelt(pages: readonly CallPage[], lasted: number): Promise<void> {
  const others = pages.slice(1);
  const counts = await Promise.all(others.map((page) => page.connected()));
  if (lasted > 8 && counts.every((count) => count === pages.length - 1)) {
    throw new Error('Nothing happened to the call.');
  }
}

async function joinAll(pages: Pages): Promise<void> {
  await Promise.all(pages.map((page) => page.join()));
}

function everybody(pages: Pages): Promise<number | undefined> {
  return waitFor(() => allConnected(pages), 60_000);
}

/** Tells the pages of a new network at once; waits until each has another path to its first peer. */
async function changeNetwork(pages: Pages): Promise<void> {
  // All of them first: one restart may serve both ends.
  const before = await Promise.all(pages.map(pathOf));
  await Promise.all(pages.map(({ page }) => page.evaluate("dispatchEvent(new Event('online'))")));
  for (const [index, page] of pages.entries()) {
    const isOther = (path: string | undefined) => path !== undefined && path !== before[index];
    const after = await waitFor(async () => isOther(await pathOf(page)), 20_000);
    if (after === undefined) throw new Error('There is no other path.');
  }
}

/** `undefined` while it connects anew. */
function pathOf(page: CallPage<BrowserPage>): Promise<string | undefined> {
  return page.look(({ call }) => {
    const [peer] = call.state.peers;
    const sdp = peer && call.connection(peer.id)?.localDescription?.sdp;
    return /a=ice-ufrag:(.+)/.exec(sdp ?? '')?.[1];
  });
}

async function withTurn<Value>(act: (turn: TurnServer) => Promise<Value>): Promise<Value> {
  const turn = await TurnServer.open();
  try {
    return await act(turn);
  } finally {
    await turn.stop();
  }
}
