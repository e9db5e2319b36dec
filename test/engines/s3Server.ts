/** A server on this machine that speaks S3, with one bucket. */
import { spawn } from 'node:child_process';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { s3Python } from '../../scripts/s3.mjs';

export const BUCKET = 'foldlab-test';

export interface S3Server {
  readonly endpoint: string;
  readonly client: S3Client;
  /** What a process needs to be let in: this server asks for nothing in particular. */
  readonly env: { readonly AWS_ACCESS_KEY_ID: string; readonly AWS_SECRET_ACCESS_KEY: string };
  /** All keys, and those of uploads that have not ended. */
  left(): Promise<string[]>;
  /** So that what one test leaves does not fail the next. */
  clear(): Promise<void>;
  stop(): void;
}

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'somebody', AWS_SECRET_ACCESS_KEY: 'secret' };

/** @param env of the server: it can be told to check who may do what */
export async function startS3(env: NodeJS.ProcessEnv = {}): Promise<S3Server> {
  const server = spawn(s3Python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const endpoint = await new Promise<string>((resolve, reject) => {
    let text = '';
    for (const stream of [server.stdout, server.stderr])
      stream.setEncoding('utf8').on('data', (piece: string) => {
        text = (text + piece).slice(-4000);
        const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(text);
        if (found) resolve(found[1]!);
      });
    server.once('exit', () => reject(new Error(`the S3 server did not start:\n${text}`)));
  });
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: {
      accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
      secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
    },
  });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  return {
    endpoint,
    client,
    env: CREDENTIALS,
    async left() {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
      return [...Contents, ...Uploads].map(({ Key }) => Key!);
    },
    async clear() {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
      for (const { Key } of Contents) await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
    },
    stop() {
      client.destroy();
      server.kill('SIGKILL');
    },
  };
}
