/** Which of a run's ensembles are meant. */
import type { EnsembleOver, WhichEnsembles } from '../contract.js';
import { inOrder, wideInOrder, type EnsembleRecord } from './ensembleRecord.js';

export interface ChosenEnsembles {
  readonly method: string;
  readonly over: EnsembleOver;
  readonly ensembles: readonly EnsembleRecord[];
}

/**
 * All ensembles of one method over the same; by default those of the repetitions that the `ensembles` option names first, or, where there
 * are none of repetitions, the wide ones that it names first.
 *
 * @param failed how a message begins
 * @throws RangeError when there is none, naming those that there are
 */
export function chooseEnsembles(
  all: readonly EnsembleRecord[],
  { method: asked, over: askedOver }: WhichEnsembles,
  failed: string,
): ChosenEnsembles {
  const known = [...inOrder(all), ...wideInOrder(all)];
  const fits = known.filter(
    ({ method, over }) =>
      (asked === undefined || method === asked) && (askedOver === undefined || over === askedOver),
  );
  const [first] = fits;
  if (!first) {
    const names = [...new Set(known.map(nameOf))];
    const wanted = [asked ? `by '${asked}'` : '', askedOver ? `over '${askedOver}'` : ''].filter(Boolean);
    throw new RangeError(
      `${failed}: it needs ensembles that were scored on a test set; ` +
        (names.length > 0
          ? `there are none ${wanted.join(' ')}, only by ${names.join(', ')}`
          : 'there are none'),
    );
  }
  const { method, over } = first;
  return { method, over, ensembles: fits.filter((each) => each.method === method && each.over === over) };
}

/** "mean", "stacking over all". */
const nameOf = ({ method, over }: EnsembleRecord): string =>
  over === 'repetition' ? method : `${method} over ${over}`;
