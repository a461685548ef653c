import { DocsContainer, type DocsContainerProps } from '@storybook/addon-docs/blocks';
import type { PropsWithChildren } from 'react';
import { themes } from 'storybook/theming';
import './docs.css';
import { useChosenTheme, useIsDark, useTheme } from './theme.js';

/** Around every page of the manual: light or dark, as the toolbar or the system says. */
export function DocsPage({ children, context }: PropsWithChildren<DocsContainerProps>) {
  useTheme(useChosenTheme());
  const theme = useIsDark() ? themes.dark : themes.light;
  return (
    <DocsContainer context={context} theme={theme}>
      {children}
    </DocsContainer>
  );
}
