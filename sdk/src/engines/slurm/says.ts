/** What SLURM's programs say, in words for people. */

/** The job that `salloc` speaks of. */
export const jobOf = (output: string): string | null =>
  /(?:Pending job allocation|Granted job allocation|job) (\d+)/.exec(output)?.[1] ?? null;

/** The errors, without the programs' names. */
export function errorsOf(output: string): string {
  const errors = [...output.matchAll(/^[\w-]+: (?:error|fatal): (.*)$/gm)].map(([, text]) => text!);
  return (errors.length > 0 ? errors.join('; ') : output.trim().split('\n').at(-1)!) || 'it does not say why';
}

/** The controller may answer later; what it has refused it will refuse again. */
export const isPassing = (output: string): boolean =>
  /Unable to contact|timed out|Connection refused|Resource temporarily unavailable|Slurm controller not responding/i.test(
    output,
  );

/** Why a step waits, while it does. */
export const stepWaits = (output: string): string | null =>
  /step creation temporarily disabled, retrying(?: \((.*?)\))?/.exec(output)?.[1] ?? null;

/** What ended a step, from what srun printed; null where it does not tell. */
export function endOfStep(job: string, output: string): string | null {
  const node = /\bON (\S+) (?:CANCELLED|FAILED)/.exec(output)?.[1];
  const where = node ? ` on ${node}` : '';
  if (/DUE TO TIME LIMIT/.test(output))
    return `the time limit of SLURM's job ${job} was over${where}; ask for more with slurm({ time })`;
  if (/DUE TO PREEMPTION/.test(output)) return `SLURM's job ${job} was preempted${where}`;
  if (/NODE FAILURE|Node failure/.test(output)) return `a node of SLURM's job ${job} failed${where}`;
  if (/oom[-_ ]?kill|Out Of Memory|OUT_OF_MEMORY/i.test(output))
    return `out of memory in SLURM's job ${job}${where}; ask for more with slurm({ memory })`;
  const killed = /error: (\S+): task \d+: Killed/.exec(output)?.[1];
  if (killed) return `killed with SIGKILL on ${killed} (often: out of memory)`;
  if (/CANCELLED AT|Force Terminated job|has been revoked|Job has been cancelled/.test(output))
    return `SLURM's job ${job} was cancelled${where}`;
  return null;
}
