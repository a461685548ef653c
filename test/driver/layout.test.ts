// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { layout, type HubFacts, type StreamView } from '../../src/driver/connection/layout.js';
import { Load } from '../../src/driver/connection/Load.js';
import { toTopicSet, type TopicSet } from '../../src/driver/topics.js';

/**
 * In these tables a stream is what it carries, `a b`: `?` in front of it is one that is still being
 * opened, `!` a suspect. A lane is what it should carry: `a b <- a` stays on a stream, `a b` alone
 * is a new one. `a+b` is a list, `*` and `{x}` are selectors.
 */
const set = (text: string): TopicSet => toTopicSet(text.split('+'));
const sets = (text: string): TopicSet[] => text.split(' ').filter(Boolean).map(set);
const show = (each: readonly TopicSet[]): string =>
  each.map(({ selectors }) => selectors.join('+')).join(' ');

interface View extends StreamView {
  name: string;
}

function view(text: string): View {
  const name = text.replace(/^[?!]/, '');
  return {
    name,
    carried: new Load(sets(name)),
    isOpen: !text.startsWith('?'),
    isSuspect: text.startsWith('!'),
  };
}

const ANY: HubFacts = {
  namesTopics: true,
  marksReplay: true,
  maxSelectors: Infinity,
  maxStreams: Infinity,
};

function lay(wanted: string, streams: string[], facts: Partial<HubFacts>) {
  const { lanes, waiting } = layout(sets(wanted), streams.map(view), {
    ...ANY,
    ...facts,
  });
  const shown = lanes.map(({ sets, stream }) =>
    stream ? `${show(sets)} <- ${stream.name}` : show(sets),
  );
  return waiting.length > 0 ? [...shown, `waiting: ${show(waiting)}`] : shown;
}

type Row = [what: string, wanted: string, streams: string[], lanes: string[]];

function table(name: string, facts: Partial<HubFacts>, rows: Row[]): void {
  describe(name, () => {
    it.each(rows)('%s', (_, wanted, streams, lanes) => {
      expect(lay(wanted, streams, facts)).toEqual(lanes);
    });
  });
}

table('a hub that nobody knows yet', { namesTopics: undefined }, [
  ['nothing wanted, nothing open', '', [], []],
  ['the first of several goes ahead', 'a b c', [], ['a']],
  ['and stays alone until it is open', 'a b c', ['?a'], ['a <- a']],
  ['where it has left, the next one goes', 'b c', ['?a'], ['b']],
  ['where nobody is left, nothing stays', '', ['?a'], []],
  ['a suspect is replaced', 'a b', ['!a'], ['a']],
  ['a selector may go ahead', '* a', [], ['*']],
]);

table('a hub that names topics', {}, [
  ['nothing wanted closes what is open', '', ['a b'], []],
  ['one topic', 'a', [], ['a']],
  ['all on one stream', 'a b c', [], ['a b c']],
  ['as it is', 'a b', ['a b'], ['a b <- a b']],
  ['one more: replaced', 'a b', ['a'], ['a b']],
  ['one more while it opens: taken along', 'a b', ['?a'], ['a b <- a']],
  ['one less: stays', 'a', ['a b'], ['a <- a b']],
  ['one less, one more: replaced', 'a c', ['a b'], ['a c']],
  ['two streams become one', 'a b', ['a', 'b'], ['a b']],
  ['of two that carry the same the first stays', 'a b', ['a b', '?a b'], ['a b <- a b']],
  ['a suspect is replaced', 'a b', ['!a b'], ['a b']],
  ['a suspect whose successor opens', 'a b', ['!a b', '?a b'], ['a b <- a b']],
  ['a selector has a stream of its own', 'a * b {x}', [], ['a b', '*', '{x}']],
  ['and keeps it', 'a *', ['*', 'a'], ['a <- a', '* <- *']],
  ['a list of topics shares', 'a b+c', [], ['a b+c']],
  ['a list with a selector is alone', 'a b+{x}', [], ['a', 'b+{x}']],
  ['overlapping lists share', 'a+b b+c', [], ['a+b b+c']],
  ['a list and a topic of it', 'a a+b', ['a'], ['a a+b']],
]);

table('a hub that names topics and takes two selectors', { maxSelectors: 2 }, [
  ['as few streams as hold them', 'a b c', [], ['a b', 'c']],
  ['room is filled first', 'a b c', ['a b', '?c'], ['a b <- a b', 'c <- c']],
  ['a stream that fits stays', 'a b c', ['a b'], ['a b <- a b', 'c']],
  ['a list counts each of its topics', 'a+b c', [], ['a+b', 'c']],
  ['a list that does not fit is asked for alone', 'a+b+c d', [], ['a+b+c', 'd']],
  ['gaps are filled by later topics', 'a c d', ['a b', 'c'], ['a d', 'c <- c']],
  ['streams that are half empty are made anew', 'a c', ['a b', 'c d'], ['a c']],
  ['selectors do not count along', 'a b *', [], ['a b', '*']],
]);

table('a hub that takes one selector', { maxSelectors: 1 }, [
  ['one each', 'a b', ['a'], ['a <- a', 'b']],
  ['as on a hub that names none', 'a b', ['a', 'b'], ['a <- a', 'b <- b']],
]);

table('a hub that names no topics', { namesTopics: false }, [
  ['one stream each', 'a b+c *', [], ['a', 'b+c', '*']],
  ['as they are', 'a b', ['b', 'a'], ['a <- a', 'b <- b']],
  ['one that was shared is split', 'a b', ['a b'], ['a', 'b']],
  ['a suspect is replaced', 'a b', ['!a', 'b'], ['a', 'b <- b']],
  ['what opens is kept', 'a', ['?a'], ['a <- a']],
]);

table(
  'a hub that names no topics, of which a browser opens two streams',
  { namesTopics: false, maxStreams: 2 },
  [
    ['the others wait', 'a b c d', [], ['a', 'b', 'waiting: c d']],
    ['what is open stays', 'a b c d', ['c', 'd'], ['c <- c', 'd <- d', 'waiting: a b']],
    ['a place that is free goes to the first', 'a b c', ['c'], ['c <- c', 'a', 'waiting: b']],
    ['what is open and shared keeps a place', 'a b c', ['b c'], ['b', 'c', 'waiting: a']],
    ['exactly so many', 'a b', [], ['a', 'b']],
  ],
);

table('a hub that names topics, of which a browser opens two streams', { maxStreams: 2 }, [
  ['selectors wait', 'a * {x} b', [], ['a b', '*', 'waiting: {x}']],
]);

describe('whatever came before', () => {
  // Every subset of what is wanted on every pair of streams, on each kind of hub.
  const topics = ['a', 'b', 'c', 'a+b', '*'];
  const subsets = Array.from({ length: 2 ** topics.length }, (_, bits) =>
    topics.filter((_, index) => bits & (2 ** index)).join(' '),
  );
  const kinds: Partial<HubFacts>[] = [
    {},
    { namesTopics: false },
    { maxSelectors: 2 },
    { namesTopics: false, maxStreams: 2 },
    { maxSelectors: 1, maxStreams: 2 },
  ];

  it.each(kinds)(
    'each is in one lane or waits, and the next layout changes nothing: %j',
    (kind) => {
      const facts = { ...ANY, ...kind };
      for (const wanted of subsets) {
        for (const first of subsets) {
          for (const state of ['', '?', '!']) {
            const streams = first ? [view(state + first), view('c')] : [];
            const result = layout(sets(wanted), streams, facts);
            const placed = [...result.lanes.flatMap(({ sets }) => sets), ...result.waiting];
            expect(placed.map(({ key }) => key).sort()).toEqual(
              sets(wanted)
                .map(({ key }) => key)
                .sort(),
            );
            expect(result.lanes.length).toBeLessThanOrEqual(facts.maxStreams);
            const kept = result.lanes.flatMap(({ stream }) => stream ?? []);
            expect(new Set(kept).size).toBe(kept.length);
            expect(kept.some(({ isSuspect }) => isSuspect)).toBe(false);
            const settled = result.lanes.map(({ sets }) => view(show(sets)));
            const again = layout(sets(wanted), settled, facts);
            expect(again.lanes.map(({ stream }) => stream)).toEqual(
              again.lanes.map(({ sets }) => settled.find(({ name }) => name === show(sets))),
            );
          }
        }
      }
    },
  );
});
