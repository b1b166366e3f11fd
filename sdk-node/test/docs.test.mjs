// Everything public is documented, in the declarations that an editor shows, and the README speaks of what there is.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import ts from "typescript";

import * as sdk from "agent-platform-sdk";

const root = join(import.meta.dirname, "..");
const program = ts.createProgram([join(root, "dist/index.d.ts")], { strict: true });
const checker = program.getTypeChecker();
const surface = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(join(root, "dist/index.d.ts"))));

const hasDocs = (symbol) => symbol.getDocumentationComment(checker).length > 0;
const isOurs = (symbol) => symbol.declarations?.some((declaration) => declaration.getSourceFile().fileName.startsWith(join(root, "dist")));
const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
const isPublic = (symbol) =>
  symbol.declarations.every((declaration) => !(ts.getCombinedModifierFlags(declaration) & hidden) && !ts.isPrivateIdentifier(declaration.name ?? declaration));

/** A public class, interface or type, and its members. */
function* symbols() {
  for (const exported of surface) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    yield [symbol.name, symbol];
    for (const [owner, table] of [[symbol.name, symbol.members], [`static ${symbol.name}`, symbol.exports]]) {
      for (const member of table?.values() ?? []) {
        const isMember = member.flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Property | ts.SymbolFlags.Accessor);
        if (isMember && isOurs(member) && isPublic(member)) yield [`${owner}.${member.name}`, member];
      }
    }
  }
}

test("each class, type, method and field has a comment", () => {
  const all = [...symbols()];
  assert.ok(all.length > 200, `${all.length} are hardly all`);
  const bare = all.filter(([, symbol]) => !hasDocs(symbol)).map(([name]) => name);
  assert.deepEqual(bare, []);
});

test("no part of the surface is of type any", () => {
  const loose = [...symbols()].filter(([, symbol]) => {
    const declaration = symbol.valueDeclaration;
    return declaration !== undefined && checker.typeToString(checker.getTypeOfSymbolAtLocation(symbol, declaration)).match(/\bany\b/);
  });
  assert.deepEqual(loose.map(([name]) => name), []);
});

test("every type that the surface speaks of can be imported", () => {
  const names = new Set(surface.map(({ name }) => name));
  const missing = new Set();
  const internal = new Set(["BaseClient", "PageData", "PageSource", "StreamRequest", "NativeAnswer", "ErrorDetails", "Arrival"]);
  for (const [, symbol] of symbols()) {
    for (const declaration of symbol.declarations) {
      const visit = (node) => {
        if (ts.isTypeReferenceNode(node)) {
          const referred = checker.getSymbolAtLocation(node.typeName);
          const target = referred?.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(referred) : referred;
          if (target && isOurs(target) && !(target.flags & ts.SymbolFlags.TypeParameter) && !names.has(target.name)) missing.add(target.name);
        }
        ts.forEachChild(node, visit);
      };
      if (isOurs(symbol)) visit(declaration);
    }
  }
  assert.deepEqual([...missing].filter((name) => !internal.has(name)), []);
});

test("the README names every method of its tables, and every error", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  for (const name of Object.keys(sdk).filter((name) => name.endsWith("Error"))) assert.ok(readme.includes(name), `${name} is not in the README`);
  const options = [...symbols()].filter(([name]) => /^(ClientOptions|RequestOptions|SharedOptions)\./.test(name));
  for (const [name] of options) assert.ok(readme.includes(`\`${name.split(".")[1]}\``), `${name} is not in the README`);
  const stream = [...symbols()].filter(([name]) => /^(EventStream|APIResponse|ResponseHead)\.[a-zA-Z_]+$/.test(name) && !name.includes("__@"));
  for (const [name] of stream) assert.ok(readme.includes(name.split(".")[1]), `${name} is not in the README`);
});
