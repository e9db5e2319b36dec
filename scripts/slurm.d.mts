export function whyNoSlurm(): string | null;
export function findOrInstallSlurm(): Promise<string>;
