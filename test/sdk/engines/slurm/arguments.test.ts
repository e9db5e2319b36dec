import { describe, expect, it } from 'vitest';
import { slurm } from '../../../../sdk/src/engines/choices.js';
import {
  allocationArguments,
  stepArguments,
  stepEnvironment,
} from '../../../../sdk/src/engines/slurm/arguments.js';

const one = { name: 'x', leases: 1, gpus: 1, cpus: 2 };

describe('allocationArguments', () => {
  it('asks for one lease with its GPUs and cores', () => {
    expect(allocationArguments(slurm(), one)).toEqual([
      '--no-shell',
      '--job-name=x',
      '--nodes=1',
      '--ntasks=1',
      '--ntasks-per-node=1',
      '--cpus-per-task=2',
      '--gres=gpu:1',
    ]);
  });

  it('asks for no GPU where none is wanted', () => {
    expect(allocationArguments(slurm(), { ...one, gpus: 0 }).join()).not.toContain('gres');
  });

  it('hands on what the user says, further arguments last', () => {
    const choice = slurm({
      partition: 'p',
      account: 'a',
      qos: 'q',
      time: '1:00:00',
      memory: '8G',
      extraArgs: ['--x'],
    });
    expect(allocationArguments(choice, one).slice(7)).toEqual([
      '--mem=8G',
      '--partition=p',
      '--account=a',
      '--qos=q',
      '--time=1:00:00',
      '--x',
    ]);
  });

  it('asks for all leases of a node when they share one job', () => {
    const choice = slurm({ nodes: 2, gres: 'gpu:a100:1,tmp', memory: '16G' });
    const args = allocationArguments(choice, { ...one, leases: 5 });
    expect(args).toEqual(
      expect.arrayContaining([
        '--nodes=2',
        '--ntasks=5',
        '--ntasks-per-node=3',
        '--gres=gpu:a100:3,tmp:3',
        '--mem=48G',
      ]),
    );
  });

  it('asks for no more nodes than leases', () => {
    expect(allocationArguments(slurm({ nodes: 4 }), one)).toContain('--nodes=1');
  });
});

describe('stepArguments', () => {
  it('takes its part only of a job that others share', () => {
    const lease = { gpus: 1, cpus: 2 };
    const shared = stepArguments(slurm(), { id: '7', shared: true }, lease, ['node', 'w.js']);
    expect(shared).toEqual(expect.arrayContaining(['--jobid=7', '--exact', '--gres=gpu:1', '--mem=0']));
    expect(shared.slice(-2)).toEqual(['node', 'w.js']);
    expect(stepArguments(slurm(), { id: '7', shared: false }, lease, ['node'])).not.toContain('--exact');
  });
});

describe('stepEnvironment', () => {
  it('drops what would be options of srun, and GPUs of another machine', () => {
    const env = {
      PATH: '/bin',
      SLURM_CONF: '/c',
      SLURM_NTASKS: '4',
      SLURM_JOB_ID: '7',
      CUDA_VISIBLE_DEVICES: '',
    };
    expect(stepEnvironment(env)).toEqual({ PATH: '/bin', SLURM_CONF: '/c' });
  });
});
