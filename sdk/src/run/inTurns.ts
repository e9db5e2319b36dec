/** Long work that leaves the process its turns. */

/** So long a page, an interrupt or another run waits at most. */
const TURN_MS = 15;

/** Carries out steps, with a turn of the event loop between them as often as it takes. What they give does not depend on it. */
export async function inTurns<T>(steps: Generator<void, T, void>): Promise<T> {
  let turned = performance.now();
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    if (performance.now() - turned < TURN_MS) continue;
    await new Promise<void>((resolve) => setImmediate(resolve));
    turned = performance.now();
  }
}
