export const rayPython: string;
export function whyNoRay(): string | null;
export function findOrInstallRay(): Promise<string>;
