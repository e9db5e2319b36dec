/** One drawing of a running run: bar, running units, grid, notices; as much of it as the terminal has room for. */

import type { RunModel, UnitModel } from '../view/model.js';
import { formatDuration, formatMetric, fromWireNumber } from '../view/numbers.js';
import { gridBlocks } from '../view/table.js';
import { failureLines, noteLines, oneLine, sizeWords, unitName } from '../view/words.js';

const BAR_WIDTH = 24;
/** Curves named beside a running unit. */
const CURVES_SHOWN = 3;

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** The lines of one drawing, none wider than the terminal, fewer than it is high. */
export function terminalFrame(model: RunModel, { columns, rows }: TerminalSize): string {
  const head = [
    `${oneLine(model.name, 40)} · ${sizeWords(model)}`,
    progressLine(model),
    ...model.units.filter((unit) => unit.status === 'running').map((unit) => runningLine(model, unit)),
  ];
  const tail = [...failureLines(model), ...noteLines(model)];
  // the line below the last one is the cursor's
  let room = Math.max(1, rows - 2);
  const lines = head.slice(0, room);
  room -= lines.length;
  const notes = tail.slice(0, Math.max(0, Math.min(3, room - 1)));
  room -= notes.length > 0 ? notes.length + 1 : 0;
  for (const block of gridBlocks(model)) {
    if (block.length + 1 > room || block.some((line) => line.length > columns)) break;
    lines.push('', ...block);
    room -= block.length + 1;
  }
  if (notes.length > 0) lines.push('', ...notes);
  return lines.map((line) => cut(line, columns)).join('\n');
}

/** "████████░░░░ 3 of 10 units done · 1:12 · about 2:40 left". */
function progressLine(model: RunModel): string {
  const total = Math.max(1, model.units.length);
  const ended = model.units.filter((unit) => unit.status !== 'queued' && unit.status !== 'running');
  const failed = ended.filter((unit) => unit.status === 'failed').length;
  const full = Math.round((ended.length / total) * BAR_WIDTH);
  const parts = [
    oneLine(model.activity, 60) || `${ended.length} of ${model.units.length} units`,
    failed > 0 ? `${failed} failed` : '',
    formatDuration(model.seconds),
    model.secondsLeft === null || model.status !== 'running'
      ? ''
      : `about ${formatDuration(model.secondsLeft)} left`,
  ];
  return `${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${parts.filter(Boolean).join(' · ')}`;
}

/** "fold 3, repetition 1 · train · epoch 2 · loss 0.1200". */
function runningLine(model: RunModel, unit: UnitModel): string {
  const curves = unit.curves.filter((curve) => curve.values.length > 0).slice(0, CURVES_SHOWN);
  const epoch = curves[0]?.epochs.at(-1);
  const parts = [
    unitName(model, unit),
    oneLine(unit.phase, 20),
    epoch === undefined ? '' : `epoch ${epoch}`,
    curves
      .map((curve) => `${oneLine(curve.metric, 20)} ${formatMetric(fromWireNumber(curve.values.at(-1)!))}`)
      .join(', '),
  ];
  return `  ${parts.filter(Boolean).join(' · ')}`;
}

function cut(line: string, columns: number): string {
  const characters = [...line];
  return characters.length <= columns ? line : `${characters.slice(0, Math.max(1, columns - 1)).join('')}…`;
}
