/** Where tests of whole runs play: an empty directory for each test, and programs that run in it. */
import { afterEach, beforeEach } from 'vitest';
import { said, scratch, script } from '../../faults/script.js';

export interface Stage {
  /** Of the test that runs now; removed, with its programs, when it ends. */
  readonly dir: string;
  /** Plays a program to its end and gives what it said, in order; see `script`. `foldlab` is all that the package exports. */
  play(body: string, env?: NodeJS.ProcessEnv): Promise<any[]>;
}

/**
 * Once at the top of a file.
 *
 * @param prelude what each program begins with
 */
export function stage(prelude: () => string = () => ''): Stage {
  let place: ReturnType<typeof scratch>;
  beforeEach(() => void (place = scratch()));
  afterEach(() => place.remove());
  return {
    get dir() {
      return place.dir;
    },
    play: async (body, env) =>
      said((await script(place.dir, `const foldlab = tools;\n${prelude()}\n${body}`, env).ended).output),
  };
}
