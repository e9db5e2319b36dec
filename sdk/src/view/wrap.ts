/** Line breaking for fixed-width text. */

/** Breaks a line at spaces so that none is longer than `width`; later lines are indented. Longer words are cut. */
export function wrapLine(line: string, width: number, indent = '  '): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const joined = current === '' || current === indent ? current + word : `${current} ${word}`;
    if (joined.length <= width) {
      current = joined;
      continue;
    }
    if (current.trim() !== '') lines.push(current);
    current = indent + word;
    while (current.length > width) {
      lines.push(current.slice(0, width));
      current = indent + current.slice(width);
    }
  }
  return [...lines, current];
}

/** Splits a list into as few blocks as possible, none longer than `size`, all about equally long. */
export function evenBlocks<T>(list: readonly T[], size: number): T[][] {
  const count = Math.max(1, Math.ceil(list.length / Math.max(1, size)));
  return [...Array(count).keys()].map((block) =>
    list.slice(Math.ceil((list.length * block) / count), Math.ceil((list.length * (block + 1)) / count)),
  );
}
