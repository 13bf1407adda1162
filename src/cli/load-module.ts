import { createRequire, registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

const isSource = import.meta.url.endsWith('.ts')
/** This very package, for files anywhere on the disk that import it by name. */
const ownUrl = new URL(isSource ? '../index.ts' : '../index.js', import.meta.url).href

let hooked = false

/**
 * Runs a TypeScript or JavaScript file that the user named and answers what it exports. `import … from 'plimsoll'` finds
 * this package wherever the file lies, and types are stripped by the runtime itself. Throws what the file throws.
 */
export function loadModule(path: string): Readonly<Record<string, unknown>> {
  hook()
  return createRequire(import.meta.url)(path) as Record<string, unknown>
}

/** Where a file's frames in a stack trace say that they are. */
export const moduleUrl = (path: string): string => pathToFileURL(path).href

function hook(): void {
  if (hooked) return
  hooked = true
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'plimsoll')
        return { url: ownUrl, shortCircuit: true, format: isSource ? 'module-typescript' : 'module' }
      const found = next(specifier, context)
      // A file of its own has no package.json that says what it is; it is a module, and nobody needs a warning.
      const isOwn = found.url.startsWith('file:') && !found.url.includes('/node_modules/')
      return isOwn && found.format == null && /\.[jt]s$/.test(found.url)
        ? { ...found, format: found.url.endsWith('.ts') ? 'module-typescript' : 'module' }
        : found
    },
  })
}
