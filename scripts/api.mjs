// Reads what the entries of package.json export, from the types and their TSDoc: for the check of
// scripts/docs.mjs, and for the tables and the API pages of the manual.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SyntaxKind, isClassDeclaration, isInterfaceDeclaration } from 'typescript/unstable/ast';
import { API, SymbolFlags } from 'typescript/unstable/sync';

/** @import { Node } from 'typescript/unstable/ast' */
/** @import { Project, Symbol, Type } from 'typescript/unstable/sync' */
/** @import { ApiDoc, ApiEntry, ApiExport, ApiMember, ApiParameter, ApiSignature } from 'virtual:api' */

const SOURCE = resolve('src');

/**
 * Calls `visit` with each public name, and closes the compiler afterwards.
 *
 * @template Result
 * @param {(exported: { entry: string, name: string, symbol: Symbol }, project: Project) => Result} visit
 * @returns {Result[]}
 */
export function readExports(visit) {
  const api = new API();
  try {
    const config = resolve('tsconfig.json');
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (!project) throw new Error(`${config} is not a project.`);
    return listEntries().flatMap(({ entry, path }) => {
      const file = project.program.getSourceFile(path);
      const module = file && project.checker.getSymbolAtLocation(file);
      if (!module) throw new Error(`${path} is not a module.`);
      return project.checker.getExportsOfModule(module).map((exported) => {
        const isAlias = (exported.flags & SymbolFlags.Alias) !== 0;
        const symbol = isAlias ? project.checker.getAliasedSymbol(exported) : exported;
        return visit({ entry, name: exported.name, symbol }, project);
      });
    });
  } finally {
    api.close();
  }
}

/** The entries that are modules, by the name they are imported by, and their files. */
function listEntries() {
  // Read each time: the development server of the manual keeps running while this changes.
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  return Object.entries(manifest.exports).flatMap(([subpath, output]) =>
    typeof output === 'string' && output.endsWith('.js')
      ? {
          entry: subpath.replace('.', manifest.name),
          path: resolve(output.replace('dist', 'src').replace(/js$/, 'ts')),
        }
      : [],
  );
}

/**
 * The members of that name in what a class or an interface extends or implements.
 *
 * @param {Node} owner
 * @param {string} name
 * @param {Project} project
 */
export function inheritedFrom(owner, name, { checker }) {
  const isHeir = isClassDeclaration(owner) || isInterfaceDeclaration(owner);
  const clauses = isHeir ? (owner.heritageClauses ?? []) : [];
  return clauses
    .flatMap(({ types }) => [...types])
    .flatMap((node) => checker.getTypeAtLocation(node) ?? [])
    .flatMap((type) => checker.getPropertyOfType(type, name) ?? []);
}

/**
 * Everything the package exports.
 *
 * @returns {ApiEntry[]}
 */
export function readApi() {
  /** @type {Map<string, ApiEntry>} */
  const entries = new Map(listEntries().map(({ entry }) => [entry, { name: entry, exports: [] }]));
  readExports(({ entry, name, symbol }, project) => {
    entries.get(entry)?.exports.push(new Reader(project).readExport(name, symbol));
  });
  return [...entries.values()];
}

class Reader {
  #project;

  /** @param {Project} project */
  constructor(project) {
    this.#project = project;
  }

  /**
   * @param {string} name
   * @param {Symbol} symbol
   * @returns {ApiExport}
   */
  readExport(name, symbol) {
    const nodes = declarationsOf(symbol);
    const node = nodes[0];
    if (!node) throw new Error(`${name} has no declaration.`);
    const functions = nodes.filter(({ kind }) => kind === SyntaxKind.FunctionDeclaration);
    const overloads =
      functions.length > 1 ? functions.filter((one) => !child(one, 'body')) : functions;
    const kind = kindOf(node, name);
    // The comment of a variable stands before its `export const`.
    const isVariable = node.kind === SyntaxKind.VariableDeclaration;
    const doc = this.#readDoc(isVariable ? ancestor(node, 2) : node);
    return {
      name,
      kind,
      doc,
      code: kind === 'type' || kind === 'constant' ? codeOf(node) : '',
      signatures: overloads.map((one) => this.#readSignature(one)),
      members:
        kind === 'interface' || kind === 'type' || kind === 'class'
          ? this.#readMembers(symbol, kind)
          : [],
    };
  }

  /**
   * @param {Node} node
   * @returns {ApiSignature}
   */
  #readSignature(node) {
    const doc = this.#readDoc(node);
    const parameters = this.#readParameters(node, doc);
    return { code: headOf(node, parameters), doc, parameters };
  }

  /**
   * The parameters as a caller sees them. One that is taken apart where it is declared has the name
   * of its `@param`; `props` and `options` need none.
   *
   * @param {Node} node
   * @param {Pick<ApiDoc, 'params'>} doc
   * @returns {ApiParameter[]}
   */
  #readParameters(node, { params }) {
    const parameters = parametersOf(node);
    const written = parameters.map((parameter) => nameOf(parameter)?.getText() ?? '');
    const names = Object.keys(params).filter((name) => !written.includes(name));
    return parameters.map((parameter, index) => {
      const type = typeText(child(parameter, 'type'), false) || this.#inferred(parameter);
      const own = written[index] ?? '';
      const name = own.startsWith('{') ? (names.shift() ?? nameByType(type)) : own;
      if (!name) throw new Error(`${nameOf(node)?.getText()} needs a @param for its ${type}.`);
      return {
        name,
        type,
        optional: Boolean(child(parameter, 'questionToken') ?? child(parameter, 'initializer')),
        doc: params[name] ?? '',
      };
    });
  }

  /**
   * @param {Symbol} symbol
   * @param {string} kind
   * @returns {ApiMember[]}
   */
  #readMembers(symbol, kind) {
    const type = this.#project.checker.getDeclaredTypeOfSymbol(symbol);
    if (type.isUnionType()) return this.#readUnion(type.getTypes() ?? []);
    const construct = kind === 'class' ? this.#readConstructor(symbol) : [];
    return [...construct, ...this.#readProperties(type)];
  }

  /**
   * What any of several types has: `?` says that not all of them have it.
   *
   * @param {readonly Type[]} types
   * @returns {ApiMember[]}
   */
  #readUnion(types) {
    const branches = types.map((type) => this.#readProperties(type));
    // A union with something else, such as a string: its declaration says it all.
    if (branches.some((members) => members.length === 0)) return [];
    const all = branches.flat();
    return [...new Set(all.map(({ name }) => name))].map((name) => {
      const present = all.filter((member) => member.name === name && member.type !== 'undefined');
      const unique = (/** @type {string[]} */ texts) => [...new Set(texts.filter(Boolean))];
      const docs = unique(present.map(({ doc }) => doc));
      return {
        name,
        type: unique(present.map(({ type }) => type)).join(' | '),
        optional: present.length < types.length || present.some(({ optional }) => optional),
        doc:
          docs.length > 1
            ? present.map(({ type, doc }) => `- \`${type}\`: ${doc}`).join('\n')
            : docs.join(),
        default: unique(present.map((member) => member.default)).join(', '),
        params: {},
        returns: '',
        throws: [],
      };
    });
  }

  /**
   * @param {Type} type
   * @returns {ApiMember[]}
   */
  #readProperties(type) {
    if (!type.isObjectType() && !type.isIntersectionType()) return [];
    const properties = this.#project.checker.getPropertiesOfType(type);
    return properties.flatMap((property) => this.#readMember(property));
  }

  /**
   * @param {Symbol} property
   * @returns {ApiMember[]}
   */
  #readMember(property) {
    const node = declarationsOf(property).find(isPublic);
    if (!node) return [];
    const { text, ...doc } = this.#readDoc(node);
    const isOptional = child(node, 'postfixToken')?.kind === SyntaxKind.QuestionToken;
    const isMethod =
      node.kind === SyntaxKind.MethodSignature || node.kind === SyntaxKind.MethodDeclaration;
    return [
      {
        ...doc,
        name: property.name,
        type: isMethod
          ? methodTypeOf(node, this.#readParameters(node, doc))
          : typeText(child(node, 'type'), isOptional) || this.#inferred(node),
        optional: isOptional,
        doc: text,
      },
    ];
  }

  /**
   * @param {Symbol} symbol
   * @returns {ApiMember[]}
   */
  #readConstructor(symbol) {
    /** @type {ApiMember[]} */
    const found = [];
    declarationsOf(symbol)[0]?.forEachChild((node) => {
      if (node.kind !== SyntaxKind.Constructor || !isPublic(node)) return;
      const { text, ...doc } = this.#readDoc(node);
      found.push({
        ...doc,
        name: 'constructor',
        type: methodTypeOf(node, this.#readParameters(node, doc)),
        optional: false,
        doc: text,
      });
    });
    return found;
  }

  /**
   * The type of what is declared without one.
   *
   * @param {Node} node
   */
  #inferred(node) {
    const { checker } = this.#project;
    const type = checker.getTypeAtLocation(node);
    return type ? checker.typeToString(type) : '';
  }

  /**
   * The comment of a declaration, or the one that it inherits.
   *
   * @param {Node} node
   * @returns {ApiDoc}
   */
  #readDoc(node) {
    const own = parseComment(commentOf(node));
    const name = nameOf(node)?.getText();
    if (own.text || !name) return own;
    const inherited = inheritedFrom(node.parent, name, this.#project).flatMap(declarationsOf);
    return inherited[0] ? parseComment(commentOf(inherited[0])) : own;
  }
}

/**
 * @param {Symbol} symbol
 * @returns {Node[]}
 */
function declarationsOf(symbol) {
  return symbol.declarations.flatMap((declaration) => {
    const node = declaration.resolve();
    return node && node.getSourceFile().fileName.startsWith(SOURCE) ? [node] : [];
  });
}

/** @param {Node} node */
function isPublic(node) {
  return (
    !child(node, 'name')?.getText().startsWith('#') &&
    !/^(private|protected)\s/.test(node.getText()) &&
    !/@internal\b/.test(commentOf(node))
  );
}

/**
 * @param {Node} node
 * @param {string} name
 * @returns {ApiExport['kind']}
 */
function kindOf(node, name) {
  if (node.kind === SyntaxKind.ClassDeclaration) return 'class';
  if (node.kind === SyntaxKind.InterfaceDeclaration) return 'interface';
  if (node.kind === SyntaxKind.TypeAliasDeclaration) return 'type';
  if (/^use[A-Z]/.test(name)) return 'hook';
  // forwardRef() makes a constant, and a component all the same.
  if (/^[A-Z][a-z]/.test(name)) return 'component';
  return node.kind === SyntaxKind.FunctionDeclaration ? 'function' : 'constant';
}

/**
 * The written type, without the `| undefined` that every optional member has.
 *
 * @param {Node | undefined} type
 * @param {boolean} isOptional
 */
function typeText(type, isOptional) {
  const written = type?.getText() ?? '';
  const text = isOptional ? written.replace(/\s*\|\s*undefined$/, '') : written;
  const isOneGroup = text.startsWith('((') && text.endsWith(')');
  return oneLine(isOneGroup ? text.slice(1, -1) : text);
}

/**
 * A function as its callers see it: up to its body, with these parameters.
 *
 * @param {Node} node
 * @param {ApiParameter[]} parameters
 */
function headOf(node, parameters) {
  const { before, list, after } = partsOf(node, parameters);
  const head = before.replace(/^(export |async )+/, '');
  const line = `${head}(${list.join(', ')})${after}`;
  return line.length <= 90 ? line : `${head}(\n  ${list.join(',\n  ')},\n)${after}`;
}

/**
 * A method in one line, as the type of a member: `(topic: string) => void`.
 *
 * @param {Node} node
 * @param {ApiParameter[]} parameters
 */
function methodTypeOf(node, parameters) {
  const { before, list, after } = partsOf(node, parameters);
  const generics = before.replace(/^[^<]*/, '');
  return `${generics}(${list.join(', ')})${after.replace(/^:/, ' =>')}`;
}

/**
 * What stands before and after the parameters of a function.
 *
 * @param {Node} node
 * @param {ApiParameter[]} parameters
 */
function partsOf(node, parameters) {
  const body = child(node, 'body');
  const { text } = node.getSourceFile();
  const { pos, end } = child(node, 'parameters');
  return {
    before: text.slice(node.getStart(), pos - 1),
    list: parameters.map(({ name, type, optional }) => `${name}${optional ? '?' : ''}: ${type}`),
    after: oneLine(text.slice(end, body ? body.getStart() : node.end))
      .replace(/^[^)]*\)/, '')
      .replace(/[;\s]+$/, ''),
  };
}

/**
 * @param {Node} node
 * @returns {Node[]}
 */
function parametersOf(node) {
  return [...(child(node, 'parameters') ?? [])];
}

/**
 * @param {string} type
 * @returns {string | undefined}
 */
function nameByType(type) {
  return /(Props|Options)(<.*>)?$/.exec(type)?.[1]?.toLowerCase();
}

/** @param {Node} node */
function codeOf(node) {
  if (node.kind === SyntaxKind.TypeAliasDeclaration) {
    return node
      .getText()
      .replace(/^export /, '')
      .replace(/\/\*\*.*?\*\/\s*/gs, '');
  }
  const isLiteral = /=\s*[\d_.]+$/.test(node.getText());
  return `const ${isLiteral ? node.getText() : node.getText().replace(/\s*=[^>].*$/s, '')}`;
}

/** @param {string} text */
function oneLine(text) {
  return text.replace(/\/\*\*.*?\*\//gs, '').replace(/\s+/g, ' ');
}

/** @param {Node} node */
function nameOf(node) {
  return child(node, 'name');
}

/**
 * @param {Node} node
 * @param {string} key
 * @returns {any} a node, or an array of them
 */
function child(node, key) {
  return key in node ? /** @type {any} */ (node)[key] : undefined;
}

/**
 * @param {Node} node
 * @param {number} levels
 * @returns {Node}
 */
function ancestor(node, levels) {
  return levels === 0 ? node : ancestor(node.parent, levels - 1);
}

/** @param {Node} node */
function commentOf(node) {
  const before = node.getSourceFile().text.slice(node.pos, node.getStart());
  return before.match(/\/\*\*(?:(?!\*\/).)*\*\//gs)?.at(-1) ?? '';
}

/**
 * @param {string} comment
 * @returns {ApiDoc}
 */
export function parseComment(comment) {
  const lines = comment.replace(/^\/\*\*|\*\/$/g, '').replace(/^[ \t]*\* ?/gm, '');
  const [text = '', ...tags] = lines.split(/^\s*@(?=\w)/m).map((part) => part.trim());
  /** @type {ApiDoc} */
  const doc = { text: '', default: '', params: {}, returns: '', throws: [], examples: [] };
  const [, meaning = text, fallback = ''] = /^(.*?)\s*Default: (.*)$/s.exec(text) ?? [];
  // A sentence in quotes is one of the default.
  const [, first = '', rest] =
    /^((?:“[^”]*”|[^“])*?)(?:\.\s+(?=[A-Z`])(.*)|\.?)$/s.exec(fallback) ?? [];
  doc.default = unlink(first);
  doc.text = unlink([meaning, rest].filter(Boolean).join(' '));
  for (const tag of tags) {
    const [, name, body = ''] = /^(\w+)\s*(.*)$/s.exec(tag) ?? [];
    const [, parameter = '', said = ''] = /^(\w+)\s+(.*)$/s.exec(body) ?? [];
    if (name === 'param') doc.params[parameter] = unlink(said);
    else if (name === 'returns') doc.returns = unlink(body);
    else if (name === 'throws') doc.throws.push(unlink(body));
    else if (name === 'example') doc.examples.push(body.replace(/^```\w*\n|\n```$/g, ''));
  }
  return doc;
}

/** @param {string} text */
function unlink(text) {
  return text.replace(
    /\{@link ([^}|]+?)(?:\s*\|\s*([^}]+))?\}/g,
    (_, target, label) => `\`${label ?? target}\``,
  );
}
