/** @file debug: refused in words. */
import type { CreatePart } from '../part.ts';
import { RequestError } from '../request.ts';

export const debugging: CreatePart = () => ({
  control: {
    debug_request: () => {
      throw new RequestError('NotSupported', 'This kernel has no debugger (kernel_info says debugger: false).');
    },
  },
});
