import { Source, type SourceProps } from '@storybook/addon-docs/blocks';
import { useIsDark } from '../theme.js';

/** Code to read and to copy. */
export function Code({ code, language }: Required<Pick<SourceProps, 'code' | 'language'>>) {
  return <Source code={code} language={language} dark={useIsDark()} />;
}
