import type { Problem } from './problem.ts'

/** Problems as plain text, one `file:line:column: message` each, with its hint on the next line. */
export function formatProblems(problems: readonly Problem[], file: string): string {
  return problems
    .map(({ severity, message, hint, line, column }) => {
      const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`
      const said = `${place}: ${severity === 'warning' ? 'warning: ' : ''}${message}`
      return printable(hint === undefined ? said : `${said}\n  hint: ${hint}`)
    })
    .join('\n')
}

/** A file's own text must not steer the terminal. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '\uFFFD')
}
