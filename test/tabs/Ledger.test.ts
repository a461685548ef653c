// @vitest-environment node
import { expect, it } from 'vitest';
import { OPEN } from '../../src/driver/connection/Connection.js';
import { Ledger } from '../../src/driver/tabs/Ledger.js';
import { beginAt, toTopicSet } from '../../src/driver/topics.js';

const [one, two] = [toTopicSet('one'), toTopicSet('two')];
const event = (id?: string) => ({ id, type: 'message', data: '', topics: undefined });

function createLedger(): Ledger {
  const ledger = new Ledger();
  ledger.beginTerm(1);
  ledger.note({ type: 'join', tab: 'a', sets: [one, two] });
  return ledger;
}

const cursors = ({ positions }: Ledger) =>
  Object.fromEntries([...positions].map(([key, { cursor }]) => [key, cursor]));

it('keeps one position for all that a stream carries', () => {
  const ledger = createLedger();
  ledger.note({ type: 'moved', stream: 7, cursor: 'start' });
  ledger.note({ type: 'linked', keys: [one.key, two.key], link: OPEN, stream: 7 });
  ledger.note({ type: 'received', keys: [one.key], event: event('first'), stream: 7 });
  ledger.note({ type: 'received', keys: [two.key], event: event(), stream: 7 });
  expect(cursors(ledger)).toEqual({ [one.key]: 'first', [two.key]: 'first' });
});

it('keeps positions over a change of leaders, whose streams have other numbers', () => {
  const ledger = createLedger();
  ledger.note({ type: 'linked', keys: [one.key], link: OPEN, stream: 1 });
  ledger.note({ type: 'received', keys: [one.key], event: event('old'), stream: 1 });
  ledger.beginTerm(2);
  ledger.note({ type: 'received', keys: [two.key], event: event('new'), stream: 1 });
  expect(cursors(ledger)).toEqual({ [one.key]: 'old' });
});

it('stays where it was once the tab has missed a message', () => {
  const ledger = createLedger();
  ledger.note({ type: 'linked', keys: [one.key], link: OPEN, stream: 1 });
  ledger.note({ type: 'received', keys: [one.key], event: event('heard'), stream: 1 });
  ledger.isBehind = true;
  ledger.note({ type: 'received', keys: [one.key], event: event('missed'), stream: 1 });
  expect(cursors(ledger)).toEqual({ [one.key]: 'heard' });
});

it('keeps in mind that a subscription has had its past, whatever its tab sends meanwhile', () => {
  const ledger = createLedger();
  const past = beginAt(one, 'earliest');
  const sinceOf = () => ledger.wanted.get(past.key)?.since;
  ledger.note({ type: 'change', tab: 'a', added: [past], removed: [] });
  expect(sinceOf()).toBe('earliest');
  ledger.note({ type: 'linked', keys: [past.key], link: OPEN, stream: 1 });
  ledger.note({ type: 'join', tab: 'a', sets: [past] });
  expect(sinceOf()).toBeUndefined();
  expect(past.since).toBe('earliest');
});

it('forgets what no tab wants any more, and what was refused', () => {
  const ledger = createLedger();
  ledger.note({ type: 'join', tab: 'b', sets: [two] });
  ledger.note({ type: 'linked', keys: [one.key, two.key], link: OPEN, stream: 1 });
  ledger.note({ type: 'left', tab: 'a' });
  expect([...ledger.wanted.keys()]).toEqual([two.key]);
  expect(Object.keys(cursors(ledger))).toEqual([two.key]);
  const error = new Error() as never;
  ledger.note({ type: 'refused', key: two.key, error });
  expect(ledger.wanted.size + ledger.positions.size).toBe(0);
});

it('makes each term greater than any other', () => {
  const [here, there] = [createLedger(), createLedger()];
  const first = here.nextTerm();
  there.beginTerm(first);
  expect(there.nextTerm()).toBeGreaterThan(first);
});
