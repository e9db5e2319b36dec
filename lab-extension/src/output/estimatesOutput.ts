/** Several estimates in a notebook: every pair of some runs, or the parts of a variance. */
import {
  ESTIMATES_MIME_TYPE,
  estimatesAnswer,
  estimatesFigure,
  estimatesHeads,
  estimatesRows,
  estimatesSentences,
  estimatesTitle,
  parseEstimates,
  type EstimatesModel,
} from 'foldlab/view';
import { t } from '../i18n';
import { FiguredOutput, type Telling } from './figuredOutput';

const ESTIMATES: Telling<EstimatesModel> = {
  mimeType: ESTIMATES_MIME_TYPE,
  parse: parseEstimates,
  refusal: (size) => t('Cannot show these estimates: their model is %1', size),
  label: estimatesTitle,
  answer: estimatesAnswer,
  figure: estimatesFigure,
  sentences: estimatesSentences,
  table: (model) => ({
    label: t('Estimates and their intervals'),
    heads: estimatesHeads(model),
    rows: estimatesRows(model),
    hasSum: false,
  }),
};

export class EstimatesOutput extends FiguredOutput<EstimatesModel> {
  constructor() {
    super(ESTIMATES);
  }
}
