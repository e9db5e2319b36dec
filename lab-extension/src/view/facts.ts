/** Facts as a list: label and value, one or two to a line. */
import { el } from './dom';

export type Fact = readonly [label: string, value: string, strong?: boolean];

/** @param single one fact a line */
export function factList(facts: readonly Fact[], single = false): Node {
  return el(
    'dl',
    { class: single ? 'fl-facts-list fl-single' : 'fl-facts-list' },
    ...facts.flatMap(([label, value, strong]) => [
      el('dt', { title: label }, label),
      el('dd', { class: strong ? 'fl-strong' : '', title: value }, value),
    ]),
  );
}
