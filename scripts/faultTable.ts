import type { Reporter, TestCase, TestModule } from 'vitest/node';

/**
 * Prints what the fault suite found, as Markdown: a row for each fault, a column for each hub.
 * `npm run test:mercure -- --reporter=default --reporter=./scripts/faultTable.ts`
 */
export default class FaultTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = new Map<string, Map<string, string>>();
    const hubs = new Set<string>();
    for (const module of modules.filter(({ moduleId }) => /fault|longHistory/.test(moduleId))) {
      for (const test of module.children.allTests()) {
        const suite = test.parent.type === 'suite' ? test.parent.name : '';
        const [, hub] = /^faults on (.*)/.exec(suite) ?? [];
        const name = hub || !suite ? test.name : `${suite}: ${test.name}`;
        hubs.add(hub ?? 'once');
        rows.set(name, (rows.get(name) ?? new Map<string, string>()).set(hub ?? 'once', say(test)));
      }
    }
    const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
    console.log(line(['', ...hubs]));
    console.log(line(['---', ...[...hubs].map(() => '---')]));
    for (const [name, cells] of rows) {
      console.log(line([name, ...[...hubs].map((hub) => cells.get(hub) ?? '')]));
    }
  }
}

function say(test: TestCase): string {
  const { state } = test.result();
  if (state === 'passed') return 'passed';
  return state === 'skipped' ? 'not run' : `**${state}**`;
}
