import type { CSSProperties } from 'react';

/** Stands in for a picture. The same name has the same colour in everybody's window. */
export function Initials({ name }: { name: string }) {
  // What stands in brackets, such as "(you)", is no name.
  const words = name.split(/\s+/).filter((word) => word && !word.startsWith('('));
  const style: CSSProperties & { '--rs-hue': number } = { '--rs-hue': hueOf(words.join(' ')) };
  return (
    <span aria-hidden="true" style={style}>
      {initialsOf(words)}
    </span>
  );
}

/** The first letters of the first and the last word. */
function initialsOf(words: readonly string[]): string {
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends
    .map((word) => Array.from(word ?? '')[0])
    .join('')
    .toUpperCase();
}

function hueOf(name: string): number {
  return Array.from(name).reduce((hue, letter) => (hue * 31 + letter.codePointAt(0)!) % 360, 7);
}
