// Fails where a public name has no doc comment: `npm run docs:check`. Public is what the entries of
// package.json export, with the members of its classes and types. A class may have the comments of
// the interface that it implements.

import { relative, resolve } from 'node:path';
import process from 'node:process';
import { SyntaxKind } from 'typescript/unstable/ast';
import { inheritedFrom, readExports } from './api.mjs';

/** @import { Node } from 'typescript/unstable/ast' */
/** @import { Project } from 'typescript/unstable/sync' */

const MEMBERS = new Set([
  SyntaxKind.PropertySignature,
  SyntaxKind.MethodSignature,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.GetAccessor,
]);
const CODE = new Set([
  SyntaxKind.Block,
  SyntaxKind.ArrowFunction,
  SyntaxKind.ObjectLiteralExpression,
]);

/** @type {Set<string>} */
const undocumented = new Set();
readExports(({ name, symbol }, project) => {
  for (const declaration of symbol.declarations) {
    const node = declaration.resolve();
    if (!node) continue;
    checkName(node, name, project);
    checkMembers(node, name, project);
  }
});

for (const line of undocumented) console.error(line);
console.log(`Public names without a doc comment: ${undocumented.size}`);
process.exitCode = undocumented.size > 0 ? 1 : 0;

/**
 * @param {Node} parent
 * @param {string} owner
 * @param {Project} project
 */
function checkMembers(parent, owner, project) {
  parent.forEachChild((node) => {
    if (CODE.has(node.kind)) return;
    const name = MEMBERS.has(node.kind) ? nameOf(node)?.getText() : undefined;
    if (name?.startsWith('#')) return;
    const path = name === undefined ? owner : `${owner}.${name}`;
    if (name !== undefined) checkName(node, path, project);
    checkMembers(node, path, project);
  });
}

/**
 * @param {Node} node
 * @param {string} path
 * @param {Project} project
 */
function checkName(node, path, project) {
  const file = node.getSourceFile();
  if (!file.fileName.startsWith(resolve('src')) || isDocumented(node, project)) return;
  const { line } = file.getLineAndCharacterOfPosition(node.getStart());
  undocumented.add(`${relative('.', file.fileName)}:${line + 1} ${path}`);
}

/**
 * @param {Node} node
 * @param {Project} project
 */
function isDocumented(node, project) {
  const { checker } = project;
  const symbol = checker.getSymbolAtLocation(nameOf(node) ?? node);
  const symbols = symbol ? [symbol, ...inheritedFrom(node.parent, symbol.name, project)] : [];
  return symbols.some((one) => checker.getDocumentationCommentOfSymbol(one) !== '');
}

/**
 * @param {Node} node
 * @returns {Node | undefined}
 */
function nameOf(node) {
  return 'name' in node ? /** @type {Node} */ (node.name) : undefined;
}
