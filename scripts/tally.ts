import type { Reporter, TestModule, Vitest } from 'vitest/node';

/**
 * Ends a whole run with one plain line, `N passed, N failed`, for whoever reads a log. A project in
 * which nothing ran is a failure: its tests are lost, not green.
 */
export default class Tally implements Reporter {
  #projects: string[] = [];

  onInit(vitest: Vitest) {
    this.#projects = vitest.projects.map((project) => project.name);
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === 'passed').length;
    const failed = tests.filter((test) => test.result().state === 'failed').length;
    const broken = modules.filter((module) => module.errors().length > 0).length;

    const ran = new Set(modules.map((module) => module.project.name));
    const empty = this.#projects.filter((project) => !ran.has(project));
    for (const project of empty) console.error(`No test ran in the project "${project}".`);

    const failures = failed + broken + errors.length + empty.length;
    if (failures > 0) process.exitCode = 1;
    console.log(`${passed} passed, ${failures} failed`);
  }
}
