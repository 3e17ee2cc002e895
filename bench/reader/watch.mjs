// How the page's own thread fares while the worker that ships reads, and while none does.
import { REPLY, fresh } from './measure.mjs';

/** Eight seconds of a timer every ten milliseconds: how late it comes, and how many tasks took 50 ms or more. */
export async function watch(reads) {
  const late = [];
  let [long, answers, spent] = [0, 0, 0];
  /** Runs what takes time in the page's thread. */
  const counted = (work) => {
    const start = performance.now();
    work();
    spent += performance.now() - start;
  };
  const worker = reads ? new Worker('/dist/reader.js', { type: 'module' }) : undefined;
  const ask = () => worker?.postMessage(REPLY.map(fresh).join('\n'));
  const first = worker && new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (typeof data === 'string' ? reject(new Error(data)) : resolve());
  });
  ask();
  await first;
  if (worker) {
    worker.onmessage = (event) => counted(() => {
      answers += event.data.length > 0 ? 1 : 0;
      ask();
    });
  }
  const observer = new PerformanceObserver((list) => { long += list.getEntries().length; });
  observer.observe({ entryTypes: ['longtask'] });
  counted(ask);
  for (let due = performance.now() + 10, end = due + 8_000; due < end; due = Math.max(due, performance.now()) + 10) {
    await new Promise((resolve) => { setTimeout(resolve, due - performance.now()); });
    late.push(performance.now() - due);
  }
  worker?.terminate();
  observer.disconnect();
  late.sort((one, other) => one - other);
  const at = (share) => late[Math.floor((late.length - 1) * share)];
  return { reads, late: at(0.5), p99: at(0.99), longest: at(1), long, answers, spent };
}
