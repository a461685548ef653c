import { afterEach, expect, test, vi } from 'vitest';
import { Schedule } from '../../src/presence/Schedule.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Asks every `pause` ms until `end`; when this member answers, and whom. */
function ask(schedule: Schedule, members: number, pause: number, end: number) {
  const answers: { at: number; to: readonly string[] }[] = [];
  for (let now = 0; now < end; now++) {
    if (now % pause === 0) schedule.heardQuestion(`asks at ${now}`, members, now);
    const { to } = schedule.take(now) ?? {};
    if (to) answers.push({ at: now, to });
  }
  return answers;
}

test.each([2, 10, 1_000])('a member answers at most once in 5 s beside %i others', (members) => {
  for (let round = 0; round < 20; round++) {
    const answers = ask(new Schedule(), members, 150, 20_000);
    expect(answers.length).toBeGreaterThanOrEqual(2);
    for (const [index, { at }] of answers.slice(1).entries()) {
      expect(at - answers[index]!.at).toBeGreaterThanOrEqual(5_000);
    }
  }
});

test('it answers whoever asks where nobody else can', () => {
  const answers = ask(new Schedule(), 1, 400, 4_000);
  expect(answers.length).toBeGreaterThanOrEqual(9);
});

test('it waits until nobody asks any more, for two seconds', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  expect(ask(new Schedule(), 5, 50, 2_001)).toEqual([
    { at: 2_000, to: expect.objectContaining({ length: 41 }) },
  ]);
  const schedule = new Schedule();
  for (const now of [0, 50, 100]) schedule.heardQuestion(`asks at ${now}`, 5, now);
  expect(schedule.next).toBe(200);
});

test('it answers nobody who has an answer', () => {
  const schedule = new Schedule();
  schedule.heardQuestion('a', 5, 0);
  schedule.heardQuestion('b', 5, 0);
  schedule.forget('a');
  expect(schedule.take(10_000)).toEqual({ to: ['b'] });
  schedule.heardQuestion('a', 5, 10_000);
  schedule.forget('a');
  expect(schedule.next).toBe(Infinity);
});
