export const VENV: string;
export function venvProgram(name: string): string;
export function findPython(): string;
