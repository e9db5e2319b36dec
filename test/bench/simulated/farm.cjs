// Many workers in one process, for leases without a process of their own. Each is what worker.ts makes of a process: the same
// frames, the same jobs, done by the same code, with a connection for its pipes. What is not there: a process and a thread for
// each, and TensorFlow. A unit's answer is held back for PAUSE_MS, as if it had taken so long.
//
// Started by fork(); it says { port }, and { workers } whenever another has connected; units begin with { go: pauseMs }.
const { createServer } = require('node:net');

const dist = '../../../sdk/dist';
const { installResolver } = require(`${dist}/backends/resolve.js`);
const { scoreOutOfFold } = require(`${dist}/jobs/combine.js`);
const { makeDataset } = require(`${dist}/jobs/dataset.js`);
const { preload } = require(`${dist}/jobs/preload.js`);
const { runUnit } = require(`${dist}/jobs/unit.js`);
const { createWorkshop } = require(`${dist}/jobs/workshop.js`);
const { ANSWER, decodeBatch, encodeFrame, FrameReader, frameStart } = require(`${dist}/workers/frames.js`);
const { serve } = require(`${dist}/workers/serve.js`);

installResolver();
// serve() listens for SIGINT, once for each worker
process.setMaxListeners(0);

let pauseMs = 0;
let workers = 0;
let begin;
const begun = new Promise((resolve) => (begin = resolve));
process.on('message', ({ go }) => {
  pauseMs = go;
  begin();
});
process.on('disconnect', () => process.exit());

/** A process does one job at a time. */
let last = Promise.resolve();
const exclusively = (work) => (last = last.catch(() => {}).then(work));

function work(socket, beatMs, rest) {
  const number = ++workers;
  let current;
  const workshop = createWorkshop((key) => current.shipment(key));
  const method = (perform) => (argument, port) =>
    exclusively(() => {
      current = port;
      return perform(argument, { ...port, gpus: [] });
    });
  const methods = {
    dataset: method((job) => makeDataset(job, workshop)),
    preload: method((job) => preload(job, workshop)),
    outOfFold: method((job) => scoreOutOfFold(job, workshop)),
    unit: async (job, port) => {
      await begun;
      const until = performance.now() + pauseMs;
      const result = await method((...args) => runUnit(args[0], workshop, args[1]))(job, port);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, until - performance.now())));
      return result;
    },
  };
  const reader = new FrameReader();
  const beat = setInterval(() => socket.write(ANSWER), beatMs);
  socket.on('close', () => clearInterval(beat));
  socket.write(frameStart());
  const port = {
    send: (batch) => void socket.write(encodeFrame(batch)),
    receive(handler) {
      const take = (piece) => {
        for (const batch of reader.read(piece).map(decodeBatch)) {
          if (batch.some(({ type }) => type === 'exit')) socket.end();
          else if (batch.length > 0) handler(batch);
        }
        if (reader.partial) socket.write(ANSWER);
      };
      socket.on('data', take);
      take(rest);
    },
  };
  serve(methods, port, { node: `simulated-${process.pid}`, pid: number, gpus: [] });
  process.send({ workers });
}

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => {});
  let head = Buffer.alloc(0);
  // before its frames stands a line: how often a sign of life is wanted
  const read = (piece) => {
    head = Buffer.concat([head, piece]);
    const end = head.indexOf(10);
    if (end < 0) return;
    socket.off('data', read);
    work(socket, Number(head.toString('utf8', 0, end)), head.subarray(end + 1));
  };
  socket.on('data', read);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  process.send({ port: server.address().port }),
);
