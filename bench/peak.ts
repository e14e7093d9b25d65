// The most memory a process has had: Linux's own count, because ru_maxrss there includes what the parent had.
import { readFileSync } from 'node:fs';

export function peakMegabytes(): number {
  try {
    return Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}
