// The root entry of this package installs a global; this one does not.
import { URLPattern } from 'urlpattern-polyfill/urlpattern';
import { matches, type Part } from './pattern.js';

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
const ANYTHING: Part = { chars: /[^]/, optional: true };
const MAX_MATCHERS = 100;

/** An alternative's bar, or a character, escape or class with its quantifier. */
const REG_EXP_ATOM = /^(?:\||(\.|\\.|\[\^?(?:\\.|[^\]\\])+\]|[^\\()[\]{}^$*+?|])([?+*]?))/u;

/**
 * Compiles a URL Pattern ([WHATWG](https://urlpattern.spec.whatwg.org/)). The pattern and the
 * topics may be relative to `base`. Of the regular expressions that a group may hold, those of
 * characters, classes and alternatives are supported, such as `(\\d+)` and `(news|alerts)`.
 *
 * @throws a `TypeError` where it is no URL Pattern, or one that cannot be matched in linear time.
 */
export function compileUrlPattern(pattern: string, base: string): (topic: string) => boolean {
  const parsed = parse(pattern, base);
  const opaque = /^[\w+.-]+$/.test(parsed.protocol) && !SPECIAL_PROTOCOL.test(parsed.protocol);
  const components = COMPONENTS.map((name) => ({
    name,
    parts: new ComponentParser(parsed[name], opaque ? '' : (DELIMITERS[name] ?? '')).parse(),
  }));
  return (topic) => {
    if (!URL.canParse(topic, base)) return false;
    const url = new URL(topic, base);
    return components.every(({ name, parts }) => matches(parts, componentOf(url, name)));
  };
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
    return { chars: this.#delimiter ? new RegExp(`[^${this.#delimiter}]`) : /[^]/ };
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
          chars: new RegExp(`^${atom}$`, 'u'),
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
