// What `npm start -- --json` says of a run, from the run model in the executed notebook.

/** The outputs of a notebook that show a run: `{ model, text, svg }` each, in order. */
export function shownRuns(notebook, runMimeType) {
  return notebook.cells
    .flatMap((cell) => cell.outputs ?? [])
    .filter((output) => output.data?.[runMimeType])
    .map(({ data }) => ({
      model: data[runMimeType],
      text: joined(data['text/plain']),
      svg: joined(data['image/svg+xml']),
    }));
}

/** A notebook file keeps text as one string or as lines. */
function joined(text) {
  return Array.isArray(text) ? text.join('') : (text ?? '');
}

/** The notebook's main job: the run with the most units; of equals the first. */
export function mainRun(runs) {
  return runs.reduce(
    (best, run) => (best === null || run.model.units.length > best.model.units.length ? run : best),
    null,
  );
}

/** The numbers of one run; repetitions in order, folds in order within them. A score that is missing is null. */
export function summarize(model, metric = 'accuracy') {
  const inOrder = (a, b) => a.repIndex - b.repIndex || (a.cvIndex ?? 0) - (b.cvIndex ?? 0);
  const units = [...model.units].sort(inOrder);
  const [method] = model.ensembles.map((ensemble) => ensemble.method);
  const ensembles = model.ensembles.filter((ensemble) => ensemble.method === method).sort(inOrder);
  const foldTestAccuracy = units.map((unit) => score(unit.test, metric));
  const ensembleTestAccuracy = ensembles.map((ensemble) => score(ensemble.test, metric));
  return {
    ensembleAccuracy: mean(ensembleTestAccuracy),
    meanFoldTestAccuracy: mean(foldTestAccuracy),
    folds: new Set(units.map((unit) => unit.cvIndex)).size,
    repetitions: new Set(units.map((unit) => unit.repIndex)).size,
    foldTestAccuracy,
    ensembleTestAccuracy,
    seconds: model.seconds,
    cpuSeconds: model.cpuSeconds,
    backend: model.backend,
  };
}

function score(metrics, name) {
  const value = metrics?.[name];
  return typeof value === 'number' ? value : null;
}

/** Null when there are no values, or one is missing: a mean over the rest would be another quantity. */
function mean(values) {
  if (values.length === 0 || values.includes(null)) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
