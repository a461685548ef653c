import type { ArgTypesEnhancer } from 'storybook/internal/types';
import api from 'virtual:api';

/**
 * Describes the props of a component to its controls, from its types: the page `Call kit/VideoTile`
 * shows those of `VideoTileProps`. (Storybook's own reading takes `boolean | undefined`, as an
 * optional prop is written here, for a union of which nothing is known.)
 */
export const argTypesFromApi: ArgTypesEnhancer = ({ title, argTypes }) => {
  const props = `${title.split('/').at(-1)}Props`;
  const members = api.flatMap((entry) => entry.exports).find(({ name }) => name === props)?.members;
  if (!members) return argTypes;
  const fromTypes = members.map(({ name, type, optional, doc, default: fallback }) => [
    name,
    {
      name,
      description: doc,
      ...controlFor(type),
      table: {
        type: { summary: type },
        ...(fallback && { defaultValue: { summary: fallback.replaceAll('`', '') } }),
      },
      ...(!optional && { type: { ...controlFor(type).type, required: true } }),
      ...argTypes[name],
    },
  ]);
  return { ...argTypes, ...Object.fromEntries(fromTypes) };
};

const LITERALS = /^'[^']*'(\s*\|\s*'[^']*')*$/;

function controlFor(type: string) {
  if (type === 'string' || type === 'number' || type === 'boolean') {
    const control = { string: 'text', number: 'number', boolean: 'boolean' } as const;
    return { type: { name: type }, control: { type: control[type] } };
  }
  if (LITERALS.test(type)) {
    const options = [...type.matchAll(/'([^']*)'/g)].map(([, option]) => option);
    return { type: { name: 'enum', value: options }, options, control: { type: 'select' } };
  }
  return { type: { name: 'other', value: type }, control: false };
}
