import { holdForSeeds } from './seeds';

// Two files, so that two of jest's workers share the seeds.
describe('the simulated cloud, lot 1', () => {
  holdForSeeds(1, 150);
});
