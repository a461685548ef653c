import { Canvas } from '@storybook/addon-docs/blocks';
import type { ModuleExport } from 'storybook/internal/types';
import { Code } from './Code.js';

interface ExampleProps {
  /** The story that runs it. */
  of: ModuleExport;
  /** The text of its file, by an import with `?raw`. */
  code: string;
}

/** A live story, and below it the very file that it renders. */
export function Example({ of, code }: ExampleProps) {
  return (
    <div className="example">
      <Canvas of={of} sourceState="none" />
      <Code code={code} language="tsx" />
    </div>
  );
}
