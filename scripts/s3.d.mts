export const s3Python: string;
export function whyNoS3(): string | null;
export function findOrInstallS3(): Promise<string>;
