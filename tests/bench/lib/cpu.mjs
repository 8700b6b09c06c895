import fs from 'node:fs';

const TICKS_A_SECOND = 100;

const ticks = (pid) =>
  fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).reduce((sum, n) => sum + Number(n), 0);

/** How much of one core, in percent, a process used while `work` was done. */
export async function cpu(pid, work) {
  const [ticksBefore, begun] = [ticks(pid), performance.now()];
  await work();
  const seconds = (performance.now() - begun) / 1000;
  return ((ticks(pid) - ticksBefore) / TICKS_A_SECOND / seconds) * 100;
}
