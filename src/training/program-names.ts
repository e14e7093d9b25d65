// What the inputs and outputs of a training graph are called: prefixes, so that names of parameters and data cannot collide.

export const NAMES = {
  losses: 'losses',
  scalar: (name: string) => `scalar/${name}`,
  parameter: (name: string) => `parameter/${name}`,
  memory: (kind: string, name: string) => `${kind}/${name}`,
  buffer: (name: string) => `buffer/${name}`,
  resident: (name: string) => `resident/${name}`,
  streamed: (name: string) => `streamed/${name}`,
  metric: (name: string) => `metric/${name}`,
  next: (name: string) => `next/${name}`,
} as const;
