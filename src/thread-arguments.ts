// What threads of ours inherit of the command line of Node that started the process.

/**
 * Threads take over Node's own options. One of them, `--input-type`, is for a program that comes as text (`node --input-type=module
 * -e …`, or one on standard input), and a thread whose module is a file does not start with it (ERR_INPUT_TYPE_NOT_ALLOWED): then
 * none is taken over. Some cannot be given to a thread one by one, so the others cannot be kept.
 *
 * @param ofProcess Node's own options
 * @returns options for `new Worker`
 */
export function threadArguments(ofProcess: readonly string[] = process.execArgv): { readonly execArgv?: string[] } {
  return ofProcess.some((option) => /^--input-type(=|$)/.test(option)) ? { execArgv: [] } : {};
}
