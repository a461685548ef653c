// @vitest-environment node
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';

// A part that is loaded when it is needed does not arrive when the network fails.
it('the driver is one chunk, and loads nothing later', async () => {
  const bundle = await rolldown({ input: 'src/driver/index.ts' });
  const { output } = await bundle.generate();
  expect(output.map(({ type }) => type)).toEqual(['chunk']);
  const [{ imports, dynamicImports }] = output;
  expect({ imports, dynamicImports }).toEqual({ imports: [], dynamicImports: [] });
});
