export { runLoad } from './run-load.ts'
