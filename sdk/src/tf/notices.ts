/** Notices to the user, each said once per process. */
const said = new Set<string>();

/** On the console: in a worker that is the unit's log. */
export function sayOnce(text: string): void {
  if (said.has(text)) return;
  said.add(text);
  console.warn(text);
}
