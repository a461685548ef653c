// @vitest-environment node
import { writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProtocolVersion } from '../../src/mercure/index.js';
import { mercure } from '../servers/TestHub.js';
import { answersPath, askAll, recordedAnswers } from './record.js';

const binaries: [version: ProtocolVersion, binary: string | undefined][] = [
  ['0.x', process.env.MERCURE_BIN_0],
  ['1.0', process.env.MERCURE_BIN_1],
];

describe.each(binaries)('a real Mercure hub of %s', (version, binary) => {
  it.skipIf(!binary)('answers odd requests as was recorded', async () => {
    const hub = await mercure(version, binary!)({ origin: 'http://localhost:6006' });
    onTestFinished(() => hub.close());
    const headers = await hub.authorize();
    for (const id of ['one', 'two']) {
      const body = new URLSearchParams({ topic: 'a', id });
      await fetch(hub.url, { method: 'POST', headers, body });
    }
    const answers = await askAll(hub.url, version);
    if (process.env.RECORD) {
      await writeFile(answersPath(version), `${JSON.stringify(answers, null, 1)}\n`);
    }
    expect(answers).toEqual(await recordedAnswers(version));
  });
});
