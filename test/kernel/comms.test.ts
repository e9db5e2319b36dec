/** Comms with the real kernel, as a page uses them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeKernel, startKernel, type Kernel, type Message } from './harness.js';

const LINK = `const link = (globalThis as any)[Symbol.for('foldlab.kernel')];`;
const isBusy = ({ type, content }: Message) => type === 'status' && content.execution_state === 'busy';
const ofComm = (id: string) => (message: Message) => message.content.comm_id === id;

describeKernel('comms of the foldlab kernel', () => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await startKernel();
    const { reply, stderr } = await kernel.execute(
      `${LINK}
       const closed = [];
       const forget = link.onComm('test.echo', (comm, opened) => {
         comm.send({ opened });
         comm.onMessage((data) => (data === 'end' ? comm.close() : comm.send({ echo: data })));
         comm.onClose(() => closed.push(comm.id));
       });`,
    );
    if (reply.status !== 'ok') throw new Error(stderr);
  });
  afterAll(() => kernel?.stop());

  const open = (comm_id: string, target_name = 'test.echo', data: unknown = {}) =>
    kernel.send('comm_open', { comm_id, target_name, data });
  const received = (id: string, wanted: (data: any) => boolean) =>
    kernel.message(
      (message) => message.type === 'comm_msg' && ofComm(id)(message) && wanted(message.content.data),
    );

  it('opens, answers and closes a comm when no cell runs', async () => {
    await open('idle', 'test.echo', { from: 'page' });
    const hello = await received('idle', (data) => data.opened !== undefined);
    expect(hello.content.data).toEqual({ opened: { from: 'page' } });
    await kernel.send('comm_msg', { comm_id: 'idle', data: [1, 2] });
    await received('idle', (data) => data.echo?.[1] === 2);
    await kernel.send('comm_close', { comm_id: 'idle', data: {} });
    const { stdout } = await kernel.execute('console.log(closed.includes("idle"))');
    expect(stdout).toBe('true\n');
  });

  it('answers while a cell awaits, and the kernel stays busy', async () => {
    await open('during');
    const running = kernel.execute(
      'console.log("runs"); await new Promise((done) => link.onComm("test.release", done)); console.log("released")',
    );
    const { parent } = await kernel.message(({ content }) => content.text === 'runs\n');
    const before = kernel.messages.length;
    const asked = await kernel.send('comm_msg', { comm_id: 'during', data: 'now' });
    const echo = await received('during', (data) => data.echo === 'now');
    // as the running cell's, which every front end reads
    expect(echo.parent).toBe(parent);
    const idle = await kernel.message(
      (message) => message.parent === asked && message.content.execution_state === 'idle',
    );
    await kernel.message(
      (message) => kernel.messages.indexOf(message) >= before && isBusy(message) && message.parent === parent,
    );
    const after = kernel.messages
      .slice(kernel.messages.indexOf(idle) + 1)
      .filter(({ type }) => type === 'status');
    expect(after[0]).toMatchObject({ parent, content: { execution_state: 'busy' } });
    await open('release', 'test.release');
    const cell = await running;
    expect(cell.stdout).toBe('runs\nreleased\n');
    expect(kernel.messages.filter(({ type }) => type === 'status').at(-1)!.content.execution_state).toBe(
      'idle',
    );
  });

  it('stays busy when a completion is asked for while a cell awaits', async () => {
    const running = kernel.execute(
      'console.log("waits"); await new Promise((done) => link.onComm("test.go", done));',
    );
    const { parent } = await kernel.message(({ content }) => content.text === 'waits\n');
    const { content } = await kernel.request('complete_request', { code: 'close', cursor_pos: 5 });
    expect(content.matches).toContain('closed');
    const newest = () => kernel.messages.filter(({ type }) => type === 'status').at(-1)!;
    await kernel.message((message) => message === newest() && isBusy(message) && message.parent === parent);
    await open('go', 'test.go');
    expect((await running).reply.status).toBe('ok');
  });

  it('says which comms are open, so that a reloaded page finds them', async () => {
    await open('kept');
    await received('kept', (data) => data.opened !== undefined);
    const all = await kernel.request('comm_info_request', {});
    expect(all.type).toBe('comm_info_reply');
    expect(all.content).toMatchObject({ status: 'ok', comms: { kept: { target_name: 'test.echo' } } });
    const others = await kernel.request('comm_info_request', { target_name: 'another' });
    expect(others.content.comms).toEqual({});
  });

  it('tells the page when a program closes the comm, and sends nothing afterwards', async () => {
    await open('ending');
    await kernel.send('comm_msg', { comm_id: 'ending', data: 'end' });
    const end = await kernel.message((message) => message.type === 'comm_close' && ofComm('ending')(message));
    await kernel.send('comm_msg', { comm_id: 'ending', data: 'too late' });
    await kernel.execute('null');
    expect(kernel.messages.slice(kernel.messages.indexOf(end) + 1).filter(ofComm('ending'))).toEqual([]);
  });

  it('closes a comm at once when nobody takes its target', async () => {
    await open('nobody', 'test.unknown');
    await kernel.message((message) => message.type === 'comm_close' && ofComm('nobody')(message));
    await kernel.execute('forget()');
    await open('forgotten');
    await kernel.message((message) => message.type === 'comm_close' && ofComm('forgotten')(message));
  });

  it('opens a comm in the page', async () => {
    const { stdout } = await kernel.execute(
      `const own = link.openComm('page.target', { n: 1 }); own.onMessage((data) => own.send({ back: data })); console.log(own.id)`,
    );
    const id = stdout.trim();
    const opened = kernel.messages.find((message) => message.type === 'comm_open' && ofComm(id)(message));
    expect(opened!.content).toMatchObject({ target_name: 'page.target', data: { n: 1 } });
    await kernel.send('comm_msg', { comm_id: id, data: 5 });
    await received(id, (data) => data.back === 5);
  });

  it('goes on when a listener throws, and prints the error', async () => {
    await kernel.execute(`link.onComm('test.throws', () => { throw new Error('of the listener') });`);
    await open('throws', 'test.throws');
    await kernel.message(({ type, content }) => type === 'stream' && /of the listener/.test(content.text));
    expect((await kernel.execute('console.log(1)')).stdout).toBe('1\n');
  });

  it('names the running cell, and none between cells', async () => {
    const named = await kernel.execute(
      `console.log(link.runningCell()); let between; setTimeout(() => { between = [link.runningCell()]; console.log('told') }, 0); null`,
    );
    expect(named.stdout.replace('told\n', '')).toBe(`${named.id}\n`);
    // the next cell may else begin before the timer
    await kernel.message(({ type, content }) => type === 'stream' && /told/.test(content.text));
    expect((await kernel.execute('console.log(between)')).stdout).toBe('[ null ]\n');
  });
});

describeKernel('comms of the stock tslab kernel', () => {
  it('are missing, so that the correction is still needed', async () => {
    await using kernel = await startKernel({ kernel: 'stock' });
    await kernel.execute('null');
    const info = await kernel.request('comm_info_request', {});
    expect(info.type).toBe('complete_reply');
    await kernel.send('comm_open', { comm_id: 'x', target_name: 'y', data: {} });
    await kernel.message(
      ({ type, content }) => type === 'stream' && /unknown msg_type: comm_open/.test(content.text),
    );
    // a small request makes a running cell look finished
    const running = kernel.execute(
      'console.log("runs"); await new Promise((done) => setTimeout(done, 1500));',
    );
    await kernel.message(({ content }) => content.text === 'runs\n');
    const asked = await kernel.send('comm_open', { comm_id: 'x', target_name: 'y', data: {} });
    await kernel.message(({ parent, content }) => parent === asked && content.execution_state === 'idle');
    const statuses = kernel.messages.filter(({ type }) => type === 'status');
    expect(statuses.at(-1)!.content.execution_state).toBe('idle');
    await running;
  });
});
