/** The comparison of two runs in a notebook: its chart, its sentences and its table. */
import {
  COMPARISON_MIME_TYPE,
  comparisonFigure,
  comparisonRows,
  comparisonSentences,
  differenceWords,
  oneLine,
  parseComparison,
  type ComparisonModel,
} from 'foldlab/view';
import { t } from '../i18n';
import { FiguredOutput, type Telling } from './figuredOutput';

const COMPARISON: Telling<ComparisonModel> = {
  mimeType: COMPARISON_MIME_TYPE,
  parse: parseComparison,
  refusal: (size) => t('Cannot show this comparison: its model is %1', size),
  label: () => t('Comparison of two runs'),
  answer: differenceWords,
  figure: comparisonFigure,
  sentences: comparisonSentences,
  table: (model) => ({
    label: t('Scores of both runs by fold'),
    heads: ['', oneLine(model.first, 20), oneLine(model.second, 20), t('difference')],
    rows: comparisonRows(model).map(({ name, first, second, difference }) => ({
      name,
      cells: [first, second, difference],
    })),
    hasSum: true,
  }),
};

export class ComparisonOutput extends FiguredOutput<ComparisonModel> {
  constructor() {
    super(COMPARISON);
  }
}
