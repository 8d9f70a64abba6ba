import { RULES } from '../../../apps/controller/src/application/machine/hardware';
import { REFUSALS } from '../../../apps/controller/src/application/machine/refusals';
import type { Rule } from '../../../apps/controller/src/application/machine/rule';
import { expectPage, table } from '../generated';

const INTRODUCTION = `# Properties of images and flavors that change the virtual machine

\`npm run docs\` writes this page, from \`apps/controller/src/application/machine\`. Names with a colon are extra specs of
flavors, the others are properties of images. Of both, Cairn does what nova 26.1 does with libvirt, and says no in its words.

Image and flavor count as they are when the server is launched, rebuilt (the image) or resized (the flavor): they make the
machine once, and it goes with the server. A server that runs gets a changed machine at its next start. Values that are none,
or do not go together, end the request with a 400. What only some hosts can do, the scheduler looks for
(\`ImagePropertiesFilter\`, and \`./cairn why\` says what a host lacks). Servers of before 0.3 stay as they were.`;

const names = (...lists: readonly object[]): string =>
  lists.flatMap((each) => Object.keys(each).map((name) => `\`${name}\``)).join('<br>');

/** Names with the same values share a line. */
function valuesOf({ image, specs }: Rule): string {
  const words = [...Object.values(image), ...Object.values(specs)].map((values) => values.words);
  return [...new Set(words)].join('<br>');
}

const page = (): string =>
  [
    INTRODUCTION,
    table(
      ['Property', 'Values', 'Effect'],
      RULES.map((rule) => [names(rule.image, rule.specs), valuesOf(rule), rule.effect]),
    ),
    '## What no host does',
    'A launch, rebuild or resize with one of these gets a 400 with the reason, unless the value asks for nothing.',
    table(
      ['Property', 'Would be', 'Accepted'],
      REFUSALS.map(({ names: all, effect, harmlessWords }) => [
        all.map((name) => `\`${name}\``).join('<br>'),
        effect,
        harmlessWords === 'none' ? '' : harmlessWords,
      ]),
    ),
  ].join('\n\n') + '\n';

it('docs/machine-properties.md has every property of the table (npm run docs writes it)', () => {
  expectPage('machine-properties.md', page());
});
