/** ROC or precision-recall, and calibration, where evalFunc gives them. */
import { calibrationSpec, cornerOnly, ratesSpec, unitPictures, type PictureKind } from 'foldlab/view';
import { t } from '../i18n';
import { el, setAttributes } from '../view/dom';
import { watchWidth } from '../view/size';
import type { Part, ViewState } from '../view/state';
import type { Panel } from '../view/tabs';
import { Figure } from './figure';

const PADDING = { left: 42, right: 14, top: 6, bottom: 20 };
const KINDS = ['roc', 'precisionRecall', 'calibration'] as const;
const GAP = 20;

export class RatesPanel implements Panel {
  readonly name = 'rates';
  readonly node = el('div', { class: 'fl-rates' });
  private readonly figures = { roc: new Figure(), precisionRecall: new Figure(), calibration: new Figure() };
  private readonly size;
  private width = 0;
  private state: ViewState | null = null;

  constructor() {
    this.node.append(...Object.values(this.figures).map((figure) => figure.node));
    this.size = watchWidth(this.node, (width) => {
      this.width = width;
      if (this.state) this.draw(this.state);
    });
  }

  label(): string {
    return t('ROC, calibration');
  }

  present({ model }: ViewState): boolean {
    return model.pictures.some((each) => (KINDS as readonly PictureKind[]).includes(each.kind));
  }

  enabled(state: ViewState): boolean {
    return this.present(state);
  }

  update(state: ViewState): void {
    this.state = state;
    if (this.width > 0) this.draw(state);
  }

  dispose(): void {
    this.size.dispose();
    for (const figure of Object.values(this.figures)) figure.dispose();
  }

  private draw(state: ViewState): void {
    const { model, narrow, choice } = state;
    const there = KINDS.filter((kind) => model.pictures.some((each) => each.kind === kind));
    // two fit where it is narrow: the ranking by one of its pictures, and the probabilities
    const shown = narrow && there.length > 2 ? there.filter((kind) => kind !== 'precisionRecall') : there;
    const width = Math.min(380, Math.floor((this.width - GAP * (shown.length - 1)) / shown.length));
    const size = { width: width - PADDING.left - PADDING.right, height: narrow ? 82 : 126 };
    for (const kind of KINDS) {
      const figure = this.figures[kind];
      setAttributes(figure.node, { hidden: !shown.includes(kind) });
      if (!shown.includes(kind)) continue;
      const part = partOf(state, kind);
      if (kind === 'calibration') {
        figure.describe(
          t('Calibration gap'),
          t('%1, observed − predicted', part),
          t('x: predicted probability; bars: each bin’s 95 % Wilson interval'),
        );
        figure.chart.show({
          piece: calibrationSpec(model, { part, ...size }),
          padding: PADDING,
          label: t('Calibration: observed share less predicted probability, by predicted probability'),
        });
        continue;
      }
      const corner = cornerOnly(unitPictures(model, { kind, part }), kind);
      const isRoc = kind === 'roc';
      figure.describe(
        isRoc ? t('ROC') : t('Precision by recall'),
        [part, corner ? t('corner only') : ''].filter(Boolean).join(', '),
        isRoc ? t('x: false positive rate, y: true positive rate') : t('x: recall, y: precision'),
      );
      figure.chart.show({
        piece: ratesSpec(model, { kind, part, ...size, selected: choice.selected }),
        padding: PADDING,
        label: isRoc ? t('ROC curves, one line a model') : t('Precision-recall curves, one line a model'),
      });
    }
  }
}

/** Test where there are such pictures, for there the ensembles stand beside their members. */
function partOf({ model }: ViewState, kind: PictureKind): Part {
  return model.pictures.some((each) => each.kind === kind && each.part === 'test') ? 'test' : 'validation';
}
