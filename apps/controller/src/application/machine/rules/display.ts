import { DomainError, INPUT_BUSES, VIDEO_MODELS } from '@cairn/domain';

import { rule, type Rule } from '../rule';
import { oneOf, whole } from '../values';

export const displayRules: readonly Rule[] = [
  rule({
    image: { hw_video_model: oneOf(VIDEO_MODELS, { others: ['xen', 'gop'] }), hw_video_ram: whole(0, 1024) },
    specs: { 'hw_video:ram_max_mb': whole(0, 1024) },
    effect:
      'The graphics adapter, and its memory in MiB: at most what the flavor allows, and none where it allows none. Default: ' +
      '`cirrus`.',
    gives({ image: { hw_video_model: model, hw_video_ram: ramMb = 0 }, specs }) {
      const most = specs['hw_video:ram_max_mb'] ?? 0;
      if (ramMb > most)
        throw new DomainError(
          'invalid',
          'machine.too-much-video-memory',
          `The requested amount of video memory ${String(ramMb)} is higher than the maximum allowed by flavor ${String(most)}.`,
        );
      const video = { ...(model === undefined ? {} : { model }), ...(ramMb === 0 ? {} : { ramMb }) };
      return Object.keys(video).length === 0 ? {} : { video };
    },
  }),
  rule({
    image: { hw_input_bus: oneOf(INPUT_BUSES), hw_pointer_model: oneOf(['usbtablet']) },
    effect:
      '`hw_input_bus` gives the guest a tablet and a keyboard on that bus, `hw_pointer_model` only a tablet on USB: the pointer is ' +
      'then where the person at the console points. Default: a PS/2 mouse and keyboard.',
    gives({ image: { hw_input_bus: inputBus, hw_pointer_model: pointer } }) {
      if (inputBus !== undefined) return { inputBus };
      return pointer === undefined ? {} : { tablet: true };
    },
  }),
];
