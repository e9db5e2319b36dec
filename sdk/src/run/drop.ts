/** Takes out of a list, in place, what is gone. */
export function drop<T>(list: T[], isGone: (each: T) => boolean): void {
  for (let i = list.length - 1; i >= 0; i--) if (isGone(list[i]!)) list.splice(i, 1);
}
