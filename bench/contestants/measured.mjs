// Measures one piece of work and prints the figures as a line of JSON: how every contestant answers.

import { readFileSync } from 'node:fs';

/** @param {() => Promise<number>} work does it and tells how many items it handled */
export async function measured(work) {
  const before = process.cpuUsage();
  const began = performance.now();
  const items = await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  const peakMegabytes = peakKilobytes() / 1024;
  console.log(JSON.stringify({ items, seconds, cpuSeconds: (user + system) / 1e6, peakMegabytes }));
}

/** The most memory the process has had: Linux's own count, because ru_maxrss there includes what the parent had. */
export function peakKilobytes() {
  try {
    return Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
