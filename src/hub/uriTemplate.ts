import { CharacterSet, type Part } from './pattern.js';

/** What an expression expands to, by its operator ([RFC 6570 Appendix A](https://www.rfc-editor.org/rfc/rfc6570#appendix-A)). */
const OPERATORS: Record<string, { prefix: string; separator: string; named?: boolean }> = {
  '': { prefix: '', separator: ',' },
  '+': { prefix: '', separator: ',' },
  '#': { prefix: '#', separator: ',' },
  '.': { prefix: '.', separator: '.' },
  '/': { prefix: '/', separator: '/' },
  ';': { prefix: ';', separator: ';', named: true },
  '?': { prefix: '?', separator: '&', named: true },
  '&': { prefix: '&', separator: '&', named: true },
};

/** Unreserved characters, escapes, and the comma between the values of a list. */
const VALUE: Part = { chars: new CharacterSet(/[\w\-.~%,]/), optional: true };
const RESERVED_VALUE: Part = {
  chars: new CharacterSet(/[\w\-.~%:/?#[\]@!$&'()*+,;=]/),
  optional: true,
};

/** More than anybody needs; fewer than what makes matching slow. */
const MAX_EXPRESSIONS = 16;
const MAX_VARIABLES = 64;

/**
 * The parts of what a URI Template ([RFC 6570](https://www.rfc-editor.org/rfc/rfc6570)) can expand
 * to; `undefined` where it is none. The prefix modifier (`{name:3}`) is not supported.
 */
export function parseUriTemplate(template: string): Part[] | undefined {
  const pieces = template.split(/\{([^{}]*)\}/);
  if (pieces.length > 2 * MAX_EXPRESSIONS + 1) return undefined;
  const parts: Part[] = [];
  for (const [index, piece] of pieces.entries()) {
    const expression = index % 2 === 1 ? parseExpression(piece) : literal(piece);
    if (!expression) return undefined;
    parts.push(...expression);
  }
  return parts;
}

function literal(text: string): Part[] | undefined {
  return /[{}]/.test(text) ? undefined : [text];
}

function parseExpression(expression: string): Part[] | undefined {
  const match = /^([+#./;?&]?)((?:[\w%.]+\*?)(?:,[\w%.]+\*?)*)$/.exec(expression);
  if (!match) return undefined;
  const [, operator, list] = match as unknown as [string, string, string];
  const { prefix, separator, named } = OPERATORS[operator]!;
  const variables = list.split(',');
  if (variables.length > MAX_VARIABLES) return undefined;
  if (named) {
    const pair: Part = {
      any: variables.map((name) => [
        name.replace('*', ''),
        { any: [['=', VALUE]], optional: true },
      ]),
    };
    const more: Part = { any: [[separator, pair]], optional: true, repeat: true };
    return [{ any: [[prefix, pair, more]], optional: true }];
  }
  if (separator === ',') {
    return [{ any: [[prefix, operator ? RESERVED_VALUE : VALUE]], optional: true }];
  }
  return variables.map((name) => ({
    any: [[separator, VALUE]],
    optional: true,
    repeat: name.endsWith('*'),
  }));
}
