/** One program of SLURM's for all that is asked of it in one moment. */

const MOMENT_MS = 20;

/** `perform`, called with the ids of one moment; it must not throw. */
export function together(perform: (ids: readonly string[]) => Promise<void>): (id: string) => Promise<void> {
  let next: { readonly ids: string[]; readonly done: Promise<void> } | null = null;
  const begin = (): NonNullable<typeof next> => {
    const ids: string[] = [];
    const done = new Promise<void>((resolve) => {
      setTimeout(() => {
        next = null;
        resolve(perform(ids));
      }, MOMENT_MS);
    });
    return { ids, done };
  };
  return (id) => {
    next ??= begin();
    next.ids.push(id);
    return next.done;
  };
}
