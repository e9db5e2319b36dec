/**
 * Batches of messages as bytes, for a channel that carries nothing else: `length, payload, newline`, after one line that says
 * where they begin. Whatever a login script prints before it is passed over.
 *
 * The newline is there for SLURM: between a step and its srun, output waits until the line ends.
 */
import { deserialize, serialize } from 'node:v8';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

const BEGIN = Buffer.from('\nfoldlab frames 1\n');
const HEAD = 4;
const NEWLINE = 10;
/** What srun sends in one piece: a message that is a little larger becomes smaller. */
const PIECE = 1_000;
/** Larger ones are many pieces all the same. */
const MOST_PACKED = 64 * 2 ** 10;
/** V8's serialisation begins with 0xff. */
const PACKED = Buffer.from([1]);

/** What a side sends before its first frame. */
export const frameStart = (): Uint8Array => BEGIN;

/** One batch; an empty one says no more than that its sender lives. */
export function encodeFrame(batch: readonly unknown[]): Uint8Array {
  const plain = serialize(batch);
  const isPacked = plain.length > PIECE && plain.length < MOST_PACKED;
  const payload = isPacked ? Buffer.concat([PACKED, deflateRawSync(plain, { level: 1 })]) : plain;
  const frame = Buffer.allocUnsafe(HEAD + payload.length + 1);
  frame.writeUInt32BE(payload.length, 0);
  frame.set(payload, HEAD);
  frame[frame.length - 1] = NEWLINE;
  return frame;
}

export const decodeBatch = (bytes: Uint8Array): readonly unknown[] =>
  deserialize(bytes[0] === PACKED[0] ? inflateRawSync(bytes.subarray(1)) : bytes) as readonly unknown[];

/**
 * Says nothing, for a connection by way of SLURM: its sockets hold the second of two small packets back until the first is
 * acknowledged (Nagle), and what nothing answers is acknowledged 40 ms late. So a frame that has not come whole is
 * answered (srun cuts them into pieces of 1 KB), and what a job says before its end.
 */
export const ANSWER = encodeFrame([]);

/** Puts frames together from the pieces in which they arrive. */
export class FrameReader {
  #pieces: Buffer[] = [];
  #have = 0;
  #begun = false;

  /** Whether a frame has begun that is not complete. */
  get partial(): boolean {
    return this.#begun && this.#have > 0;
  }

  /**
   * The batches that are complete with this piece, for {@link decodeBatch}.
   *
   * @throws Error when the bytes are no frames
   */
  read(piece: Uint8Array): Uint8Array[] {
    this.#pieces.push(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
    this.#have += piece.byteLength;
    if (!this.#begun && !this.#begin()) return [];
    const batches: Uint8Array[] = [];
    for (;;) {
      if (this.#have < HEAD) return batches;
      const length = this.#peek(HEAD).readUInt32BE(0);
      const whole = HEAD + length + 1;
      if (this.#have < whole) return batches;
      const frame = this.#take(whole);
      if (frame[whole - 1] !== NEWLINE)
        throw new Error('Cannot read what the other side says: a frame does not end where it should');
      batches.push(frame.subarray(HEAD, HEAD + length));
    }
  }

  /** Passes over everything up to the line that begins the frames. */
  #begin(): boolean {
    const text = this.#peek(this.#have);
    const at = text.indexOf(BEGIN);
    if (at < 0) return false;
    this.#take(at + BEGIN.length);
    return (this.#begun = true);
  }

  /** The first bytes, which stay. One copy when they lie in several pieces. */
  #peek(bytes: number): Buffer {
    if (this.#pieces[0]!.length < bytes) this.#pieces = [Buffer.concat(this.#pieces)];
    return this.#pieces[0]!.subarray(0, bytes);
  }

  #take(bytes: number): Buffer {
    const taken = this.#peek(bytes);
    const rest = this.#pieces[0]!.subarray(bytes);
    if (rest.length > 0) this.#pieces[0] = rest;
    else this.#pieces.shift();
    this.#have -= bytes;
    return taken;
  }
}
