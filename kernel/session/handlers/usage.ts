/** @file usage: what the kernel's processes and the machine use. */
import type { CreatePart } from '../part.ts';
import type { Usage } from '../usage.ts';

export const usagePart: CreatePart = () => {
  let usage: Promise<Usage> | undefined;
  return {
    control: {
      usage_request: async () => {
        usage ??= import('../usage.ts').then((module) => new module.Usage());
        return (await usage).measure();
      },
    },
  };
};
