import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, inject, it } from 'vitest';

const packed = join(inject('applications'), 'node_modules/react-signaling');

it('carries its manual, its licence and what has changed', async () => {
  expect(await readdir(packed)).toEqual(
    expect.arrayContaining(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'docs']),
  );
});

it('has all files and headings that README and docs link to', async () => {
  const docs = await readdir(join(packed, 'docs'));
  const pages = docs.filter((file) => file.endsWith('.md')).map((file) => join('docs', file));
  const broken: string[] = [];
  for (const page of ['README.md', ...pages]) {
    for (const link of linksOf(await readFile(join(packed, page), 'utf8'))) {
      if (!(await leadsSomewhere(page, link))) broken.push(`${page}: ${link}`);
    }
  }
  expect(broken).toEqual([]);
});

/** Links and pictures, outside of code. */
function linksOf(markdown: string): string[] {
  const prose = markdown.replace(/^```.*?^```/gms, '').replace(/`[^`]*`/g, '');
  const links = Array.from(prose.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g));
  return links
    .map(([, link, attribute]) => link ?? attribute!)
    .filter((link) => !link.includes(':'));
}

async function leadsSomewhere(page: string, link: string): Promise<boolean> {
  const [path, heading] = link.split('#') as [string, string | undefined];
  const file = path ? join(packed, dirname(page), path) : join(packed, page);
  if (!file.startsWith(packed) || !existsSync(file)) return false;
  return heading === undefined || headingsOf(await readFile(file, 'utf8')).includes(heading);
}

/** The anchors that hosts of repositories and npm make of headings. */
function headingsOf(markdown: string): string[] {
  const headings = Array.from(markdown.matchAll(/^#+ (.+)$/gm), ([, text]) => text!);
  return headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}
