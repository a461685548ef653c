// The root entry of this package installs a global; this one does not.
import { URLPattern } from 'urlpattern-polyfill/urlpattern';
import { CharacterSet, Pattern, type Part } from './pattern.js';

const COMPONENTS = [
  'protocol',
  'username',
  'password',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
] as const;
type Component = (typeof COMPONENTS)[number];

/** What separates the segments of a component: a name such as `:id` stays within one. */
const DELIMITERS: Partial<Record<Component, string>> = { hostname: '.', pathname: '/' };

const SPECIAL_PROTOCOL = /^(https?|wss?|ftp|file)$/;
const ANY_CHARACTER = new CharacterSet(/[^]/);
const WITHIN_SEGMENT: Record<string, CharacterSet> = {
  '/': new CharacterSet(/[^/]/),
  '.': new CharacterSet(/[^.]/),
};
const ANYTHING: Part = { chars: ANY_CHARACTER, optional: true };
const MAX_MATCHERS = 100;

/** An alternative's bar, or a character, escape or class with its quantifier. */
const REG_EXP_ATOM = /^(?:\||(\.|\\.|\[\^?(?:\\.|[^\]\\])+\]|[^\\()[\]{}^$*+?|])([?+*]?))/u;

/**
 * A URL Pattern ([WHATWG](https://urlpattern.spec.whatwg.org/)). The pattern and the topics may be
 * relative to `base`. Of the regular expressions that a group may hold, those of characters, classes
 * and alternatives are supported, such as `(\\d+)` and `(news|alerts)`.
 */
export class UrlTopicPattern {
  /** How many parts of it are not literal. */
  readonly variables: number;
  readonly #base: string;
  readonly #components: { name: Component; pattern: Pattern }[];

  /** @throws a `TypeError` where it is no URL Pattern, or one that cannot be matched in linear time. */
  constructor(source: string, base: string) {
    const parsed = parse(source, base);
    const opaque = /^[\w+.-]+$/.test(parsed.protocol) && !SPECIAL_PROTOCOL.test(parsed.protocol);
    this.#base = base;
    // What a pattern leaves out is `*`, which needs no look.
    const names = COMPONENTS.filter((name) => parsed[name] !== '*');
    this.#components = names.map((name) => {
      const delimiter = opaque ? '' : (DELIMITERS[name] ?? '');
      return { name, pattern: new Pattern(new ComponentParser(parsed[name], delimiter).parse()) };
    });
    this.variables = this.#components.reduce((sum, { pattern }) => sum + pattern.variables, 0);
  }

  matches(topic: string): boolean {
    const url = parseTopic(topic, this.#base);
    return (
      url !== undefined &&
      this.#components.every(({ name, pattern }) => pattern.matches(componentOf(url, name)))
    );
  }
}

let latest: { topic: string; base: string; url: URL | undefined } | undefined;

/** Many patterns are asked about one topic, which is parsed once. */
function parseTopic(topic: string, base: string): URL | undefined {
  if (latest?.topic !== topic || latest.base !== base) {
    const url = URL.canParse(topic, base) ? new URL(topic, base) : undefined;
    latest = { topic, base, url };
  }
  return latest.url;
}

/** The polyfill sees an absolute pattern of its own kind only without a base. */
function parse(pattern: string, base: string): URLPattern {
  try {
    return new URLPattern(pattern, base);
  } catch {
    return new URLPattern(pattern);
  }
}

function componentOf(url: URL, name: Component): string {
  if (name === 'protocol') return url.protocol.slice(0, -1);
  if (name === 'search' || name === 'hash') return url[name].slice(1);
  return url[name];
}

/** Reads a component as the standard writes it: text, `:name`, `*`, `(regexp)`, `{group}`, `?+*`. */
class ComponentParser {
  readonly #source: string;
  readonly #delimiter: string;
  #at = 0;
  #matchers = 0;

  constructor(source: string, delimiter: string) {
    this.#source = source;
    this.#delimiter = delimiter;
  }

  /** Reads up to `end`, or all of it. */
  parse(end?: '}'): Part[] {
    const parts: Part[] = [];
    while (this.#at < this.#source.length && this.#source[this.#at] !== end) {
      if (this.#source[this.#at] === '{') {
        parts.push(this.#modified(this.#group()));
        continue;
      }
      const matcher = this.#matcher();
      if (!matcher) {
        parts.push(this.#character());
        continue;
      }
      // The slash before a name belongs to it: `/items/:id?` also matches `/items`.
      const hasPrefix = !end && this.#delimiter === '/' && parts.at(-1) === '/';
      parts.push(this.#modified(hasPrefix ? [parts.pop()!, matcher] : [matcher]));
    }
    return parts;
  }

  #group(): Part[] {
    this.#at++;
    const parts = this.parse('}');
    if (this.#source[this.#at++] !== '}') throw new TypeError('A group is not closed.');
    return parts;
  }

  #matcher(): Part | undefined {
    const rest = this.#source.slice(this.#at);
    const [name] = /^:[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/u.exec(rest) ?? [''];
    if (rest[name.length] === '(') {
      this.#at += name.length + 1;
      return this.#regExp();
    }
    if (!name && rest[0] !== '*') return undefined;
    this.#bound();
    this.#at += name.length || 1;
    if (!name) return ANYTHING;
    return { chars: WITHIN_SEGMENT[this.#delimiter] ?? ANY_CHARACTER };
  }

  #regExp(): Part {
    const alternatives: Part[][] = [[]];
    while (this.#source[this.#at] !== ')') {
      this.#bound();
      const rest = this.#source.slice(this.#at);
      const [whole, atom, quantifier] = REG_EXP_ATOM.exec(rest) ?? [];
      if (!whole) throw new TypeError('This regular expression is not supported in a pattern.');
      this.#at += whole.length;
      if (whole === '|') alternatives.push([]);
      else {
        alternatives.at(-1)!.push({
          chars: new CharacterSet(new RegExp(`^${atom}$`, 'u')),
          optional: quantifier === '?' || quantifier === '*',
          single: quantifier === '?' || quantifier === '',
        });
      }
    }
    this.#at++;
    return { any: alternatives };
  }

  #modified(parts: Part[]): Part {
    const modifier = /^[?+*]?/.exec(this.#source.slice(this.#at))![0];
    this.#at += modifier.length;
    return {
      any: [parts],
      optional: modifier === '?' || modifier === '*',
      repeat: modifier === '+' || modifier === '*',
    };
  }

  #character(): string {
    if (this.#source[this.#at] === '\\') this.#at++;
    return this.#source[this.#at++] ?? '';
  }

  #bound(): void {
    if (++this.#matchers > MAX_MATCHERS) throw new TypeError('This pattern has too many groups.');
  }
}
