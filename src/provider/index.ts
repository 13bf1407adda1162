export { startProvider } from './start-provider.ts'
