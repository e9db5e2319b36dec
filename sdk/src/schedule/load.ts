/** How many tasks each open lease has; which have so many is known without looking at all of them. */
export interface Load {
  readonly size: number;
  /** Undefined where it is not open. */
  of(lease: string): number | undefined;
  set(lease: string, tasks: number): void;
  delete(lease: string): void;
  clear(): void;
  /** In the order in which they were opened. */
  leases(): Iterable<string>;
  /** Those with so many tasks, the one that has had so many for the longest first. */
  with(tasks: number): Iterable<string>;
}

export function createLoad(): Load {
  const load = new Map<string, number>();
  const levels: Set<string>[] = [];
  const leave = (lease: string): void => {
    const tasks = load.get(lease);
    if (tasks !== undefined) levels[tasks]!.delete(lease);
  };
  return {
    get size() {
      return load.size;
    },
    of: (lease) => load.get(lease),
    set(lease, tasks) {
      leave(lease);
      load.set(lease, tasks);
      (levels[tasks] ??= new Set()).add(lease);
    },
    delete(lease) {
      leave(lease);
      load.delete(lease);
    },
    clear() {
      load.clear();
      levels.length = 0;
    },
    leases: () => load.keys(),
    with: (tasks) => levels[tasks] ?? [],
  };
}
