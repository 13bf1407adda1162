export { simulate, simulateRunner } from './simulate.ts'
