import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProtocolVersion } from '../../src/mercure/index.js';
import { ask, type Answer } from './ask.js';
import { oddRequests } from './oddRequests.js';

/** What a hub answers to each of the odd requests, by name. */
export type Answers = Record<string, Answer>;

const FILES = { '0.x': 'mercure-0.24.2.json', '1.0': 'mercure-1.0.0-alpha.3.json' };

/** Where the answers of the real hub of a version are. */
export function answersPath(version: ProtocolVersion): string {
  return join(import.meta.dirname, 'answers', FILES[version]);
}

/** What the real hub of a version has answered. */
export async function recordedAnswers(version: ProtocolVersion): Promise<Answers> {
  return JSON.parse(await readFile(answersPath(version), 'utf8'));
}

/** Asks a hub all of it. It has to know the updates `one` and `two` on the topic `a`. */
export async function askAll(url: string, version: ProtocolVersion): Promise<Answers> {
  const answers: Answers = {};
  for (const request of oddRequests(version)) {
    if (request.name in answers) throw new Error(`Asked twice: ${request.name}`);
    // As JSON has it, without what is not there.
    answers[request.name] = JSON.parse(JSON.stringify(await ask(url, request)));
  }
  return answers;
}
