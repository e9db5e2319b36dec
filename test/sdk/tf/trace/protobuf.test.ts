import { describe, expect, it } from 'vitest';
import { Message } from '../../../../sdk/src/tf/trace/protobuf.js';

describe('Message', () => {
  it('writes the examples of the protocol buffers encoding guide', () => {
    const hex = (message: Message) => Buffer.from(message.finish()).toString('hex');
    // https://protobuf.dev/programming-guides/encoding/
    expect(hex(new Message().int(1, 150))).toBe('089601');
    expect(hex(new Message().text(2, 'testing'))).toBe('120774657374696e67');
    expect(hex(new Message().message(3, new Message().int(1, 150)))).toBe('1a03089601');
    expect(hex(new Message().int(1, -2))).toBe('08feffffffffffffffff01');
    expect(hex(new Message().float(1, 1))).toBe('0d0000803f');
    expect(hex(new Message().int(16, 1))).toBe('800101');
    expect(hex(new Message().bytes(4, Uint8Array.of(1, 2)).int(1, 2 ** 40))).toBe(
      '220201020880808080' + '8020',
    );
  });
});
