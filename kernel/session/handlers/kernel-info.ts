/** @file kernel_info: who this kernel is and what it can do. */
import { readFileSync } from 'node:fs';
import type { KernelInfoReply } from '../../protocol/content.ts';
import { protocolVersion } from '../../protocol/message.ts';
import type { CreatePart } from '../part.ts';

interface Manifest {
  readonly version: string;
  readonly dependencies: Record<string, string>;
}

/** The package's own manifest: two folders above from the sources, three from dist/. */
function readManifest(): Manifest {
  for (const up of ['../../../package.json', '../../../../package.json']) {
    try {
      return JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as Manifest;
    } catch {
      continue;
    }
  }
  throw new Error('package.json of tensorcell is not where it belongs; install the package again.');
}

const { version, dependencies } = readManifest();
/** `npm:typescript@7.0.2` names the compiler that checks the cells. */
const typescriptVersion = dependencies.typescript7.replace(/^.*@/, '');

const kernelInfo: KernelInfoReply = {
  status: 'ok',
  protocol_version: protocolVersion,
  implementation: 'tensorcell',
  implementation_version: version,
  language_info: {
    name: 'typescript',
    version: typescriptVersion,
    mimetype: 'application/typescript',
    file_extension: '.ts',
    pygments_lexer: 'typescript',
    // By this name JupyterLab finds TypeScript; the object of older front ends would give it plain JavaScript.
    codemirror_mode: 'typescript',
    nbconvert_exporter: 'script',
  },
  banner: `TensorCell ${version} - TypeScript ${typescriptVersion} on Node.js ${process.versions.node}`,
  debugger: true,
  help_links: [
    { text: 'TypeScript handbook', url: 'https://www.typescriptlang.org/docs/handbook/intro.html' },
    { text: 'Node.js', url: `https://nodejs.org/docs/latest-v${process.versions.node.split('.')[0]}.x/api/` },
    { text: 'TensorFlow.js API', url: 'https://js.tensorflow.org/api/latest/' },
  ],
  supported_features: ['debugger', 'kernel subshells'],
};

export const kernelInfoPart: CreatePart = () => {
  const handlers = { kernel_info_request: () => kernelInfo };
  return { shell: handlers, control: handlers };
};
