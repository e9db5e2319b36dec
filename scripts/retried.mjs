// A reporter for vitest: names the tests that passed at their second try only, so that none hides there.
import { relative } from 'node:path';
import { ROOT } from './steps.mjs';

export default class Retried {
  #names = [];

  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky)
      this.#names.push(`${relative(ROOT, test.module.moduleId)} > ${test.fullName}`);
  }

  onTestRunEnd() {
    if (this.#names.length === 0) return;
    console.log(`passed at the second try only:\n${this.#names.map((name) => `  ${name}`).join('\n')}`);
  }
}
