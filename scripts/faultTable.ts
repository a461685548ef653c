import { basename } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Prints what the fault suite found, as Markdown: a row for each fault, a column for each hub.
 * `npm run test:mercure -- --reporter=default --reporter=./scripts/faultTable.ts`
 */
export default class FaultTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const hubs: string[] = [];
    const rows = new Map<string, Map<string, string>>();
    for (const module of modules.filter(({ moduleId }) => moduleId.includes('faults'))) {
      for (const test of module.children.allTests()) {
        const { name, parent } = test;
        const hub = 'name' in parent ? parent.name : basename(module.moduleId);
        if (!hubs.includes(hub)) hubs.push(hub);
        const { state } = test.result();
        const took = Math.round(test.diagnostic()?.duration ?? 0);
        const cell = { passed: `passed, ${took} ms`, failed: '**failed**', skipped: 'not run' };
        const row = rows.get(name) ?? new Map<string, string>();
        rows.set(name, row.set(hub, state === 'pending' ? 'pending' : cell[state]));
      }
    }
    const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
    console.log(line(['', ...hubs]));
    console.log(line(['---', ...hubs.map(() => '---')]));
    for (const [name, cells] of rows) {
      console.log(line([name, ...hubs.map((hub) => cells.get(hub) ?? '')]));
    }
  }
}
