import { holdForSeeds } from './seeds';

// Two files, so that two of jest's workers share the seeds.
describe('the simulated cloud, lot 2', () => {
  holdForSeeds(151, 150);
});
