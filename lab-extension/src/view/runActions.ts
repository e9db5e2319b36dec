/** What a person can do with a run: each action the same by mouse, by key and from the menus. */
import {
  repetitionWord,
  unitName,
  type Action,
  type RunModel,
  type UnitFiles,
  type UnitModel,
} from 'foldlab/view';
import { t } from '../i18n';
import { askParams, askUnit, showUnitFiles } from './dialog';
import { samePlace, type Actions, type Choice, type Place, type Reach } from './state';
import { openUnitMenu } from './unitMenu';
import { rerunCode } from './words';

/** Sends an action to the run's kernel; rejects with words for a person. */
export type Perform = (action: Action) => Promise<unknown>;

/** The view that is acted in. */
export interface ActedView {
  /** Where dialogs open. */
  readonly root: HTMLElement;
  model(): RunModel | null;
  reach(): Reach;
  choice(): Choice;
  choose(change: Partial<Choice>): void;
  /** Tells the person something, for a while. */
  say(text: string): void;
  readonly perform: Perform;
}

export class RunActions implements Actions {
  constructor(private readonly view: ActedView) {}

  select(place: Place | null): void {
    const { selected } = this.view.choice();
    // a second click on the same unit goes back to the whole run
    const again = place && selected && samePlace(place, selected);
    this.view.choose({
      selected: again ? null : place && { cvIndex: place.cvIndex, repIndex: place.repIndex },
    });
  }

  choose(change: Partial<Choice>): void {
    this.view.choose(change);
  }

  openMenu(place: Place, x: number, y: number, from: HTMLElement): void {
    const unit = this.unitAt(place);
    if (!unit) return;
    const target = {
      place,
      running: unit.status === 'running' || unit.status === 'queued',
      attempts: unit.attempts.filter((each) => each.status === 'done').map((each) => each.attempt),
      counts: unit.counts,
      reach: this.view.reach(),
    };
    openUnitMenu(this, target, x, y, () => {
      // a dialog that an item opened keeps the focus
      if (!this.view.root.querySelector('dialog[open]')) from.focus();
    });
  }

  perform(action: Action): void {
    const { cvIndex, repIndex } = { cvIndex: undefined, repIndex: undefined, ...action };
    if (cvIndex === undefined || repIndex === undefined) void this.send(action);
    else this.withUnit({ cvIndex, repIndex }, (unit) => void this.send({ ...action, ...unit }));
  }

  rerunWith(place: Place): void {
    this.withUnit(place, (unit) => void this.askAndRerun(unit));
  }

  showFiles(place: Place): void {
    this.withUnit(place, (unit) => void this.fetchAndShowFiles(unit));
  }

  copyCall(place: Place): void {
    const model = this.view.model();
    if (!model) return;
    this.withUnit(place, (unit) => {
      navigator.clipboard.writeText(rerunCode(model, unit)).then(
        () => this.say(t('Copied')),
        () => this.say(t('Cannot copy: the browser does not allow it here')),
      );
    });
  }

  say(text: string): void {
    this.view.say(text);
  }

  /** In a run of very many units a cell stands for several: a person says which one is meant. */
  private withUnit({ cvIndex, repIndex }: Place, act: (unit: Place) => void): void {
    const model = this.view.model();
    const folds = model?.grouping?.folds[cvIndex];
    const repetitions = model?.grouping?.repetitions[repIndex];
    if (!model || !folds || !repetitions) act({ cvIndex, repIndex });
    else
      askUnit(this.view.root, {
        title: t('Which unit of %1?', unitName(model, { cvIndex, repIndex })),
        action: t('Go on'),
        folds,
        repetitions,
        noun: repetitionWord(model),
        go: act,
      });
  }

  private unitAt(place: Place): UnitModel | null {
    return this.view.model()?.units.find((each) => samePlace(each, place)) ?? null;
  }

  /** The answer, or undefined when it failed, which is told. */
  private async send(action: Action): Promise<unknown> {
    const reach = this.view.reach();
    if (!reach.live) {
      this.say(reach.why);
      return undefined;
    }
    try {
      return await this.view.perform(action);
    } catch (error) {
      this.say((error as Error).message);
      return undefined;
    }
  }

  private async askAndRerun({ cvIndex, repIndex }: Place): Promise<void> {
    const params = await this.send({ kind: 'params', cvIndex, repIndex });
    const name = this.nameOf({ cvIndex, repIndex });
    if (params === undefined || name === null) return;
    askParams(this.view.root, t('Re-run %1 with other parameters', name), params, (trainParams) => {
      void this.send({ kind: 'rerun', cvIndex, repIndex, trainParams });
    });
  }

  private async fetchAndShowFiles({ cvIndex, repIndex }: Place): Promise<void> {
    const answer = await this.send({ kind: 'files', cvIndex, repIndex });
    const name = this.nameOf({ cvIndex, repIndex });
    if (answer === undefined || name === null) return;
    const { dir = '', log = '' } = answer as Partial<UnitFiles>;
    showUnitFiles(
      this.view.root,
      t('Files of %1', name),
      { dir: String(dir), log: String(log) },
      (text) => void navigator.clipboard.writeText(text),
    );
  }

  /** Null where the view or the unit is gone. */
  private nameOf(place: Place): string | null {
    const model = this.view.model();
    const isThere = Boolean(model?.grouping) || this.unitAt(place) !== null;
    return model && isThere && this.view.root.isConnected
      ? unitName({ ...model, grouping: null }, place)
      : null;
  }
}
