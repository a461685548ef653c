import { resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';

const APP = `
  import { SignalingProvider, SseDriver, useSignal } from 'react-signaling';
  import { inspect } from 'react-signaling/devtools';

  const plain = new SseDriver();
  const driver = process.env.NODE_ENV === 'production' ? plain : inspect(plain);
  export { driver, SignalingProvider, useSignal };
`;

it.each([
  ['production', false],
  ['development', true],
])('in %s, an app that inspects its driver in development has them: %s', async (mode, has) => {
  expect((await bundle(APP, mode)).includes('The devtools')).toBe(has);
});

async function bundle(code: string, mode: string): Promise<string> {
  const entry = resolve('entry.js');
  const application = await rolldown({
    input: entry,
    external: /^react(-dom)?(\/|$)/,
    checks: { moduleLevelDirective: false },
    transform: { define: { 'process.env.NODE_ENV': JSON.stringify(mode) } },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? code : undefined),
      },
    ],
  });
  const { output } = await application.generate({ codeSplitting: false });
  return output[0].code;
}
