/** @file The GPUs that drivers offer, asked of Vulkan's loader: which are real, what they are called, how much memory they have. */
import { cpus, totalmem } from 'node:os';
import { type Koffi, loadKoffi } from './koffi.ts';

export interface Adapter {
  readonly description: string;
  readonly vendor: string;
  /** Bytes of its own memory, or null where nothing tells. */
  readonly memory: number | null;
  /** A processor that pretends to be a GPU. */
  readonly software: boolean;
}

const loaders: Partial<Record<NodeJS.Platform, string>> = { linux: 'libvulkan.so.1', win32: 'vulkan-1.dll' };

/** PCI's numbers of those who make GPUs, and Khronos's of those who pretend. */
const vendors: Readonly<Record<number, string>> = {
  0x1002: 'AMD',
  0x1010: 'Imagination',
  0x106b: 'Apple',
  0x10de: 'NVIDIA',
  0x13b5: 'ARM',
  0x1414: 'Microsoft',
  0x1ae0: 'Google',
  0x5143: 'Qualcomm',
  0x8086: 'Intel',
  0x10005: 'Mesa',
};

/** VkPhysicalDeviceType of adapters without hardware. */
const typeProcessor = 4;
const structureTypeInstanceCreateInfo = 1;
const heapIsDeviceLocal = 1;
/** Where the fields lie that are read here, in bytes (vulkan_core.h). */
const properties = { size: 1024, vendor: 8, type: 16, name: 20, nameLength: 256 };
const memoryProperties = { size: 520, heapCount: 260, heaps: 264, heapSize: 16 };
const mostDevices = 16;

/** Asks the loader. @throws where it is missing, or makes no instance */
function askVulkan(koffi: Koffi, path: string): Adapter[] {
  const library = koffi.load(path);
  const createInstance = library.func('vkCreateInstance', 'int', ['void *', 'void *', 'void *']);
  const enumerate = library.func('vkEnumeratePhysicalDevices', 'int', ['uint64_t', 'void *', 'void *']);
  const getProperties = library.func('vkGetPhysicalDeviceProperties', 'void', ['uint64_t', 'void *']);
  const getMemory = library.func('vkGetPhysicalDeviceMemoryProperties', 'void', ['uint64_t', 'void *']);
  const destroyInstance = library.func('vkDestroyInstance', 'void', ['uint64_t', 'void *']);
  const createInfo = new Uint32Array(16);
  createInfo[0] = structureTypeInstanceCreateInfo;
  const instance = new BigUint64Array(1);
  if (createInstance(createInfo, null, instance) !== 0) throw new Error('Vulkan makes no instance');
  try {
    const count = Uint32Array.of(mostDevices);
    const devices = new BigUint64Array(mostDevices);
    if (enumerate(instance[0], count, devices) < 0) return [];
    return Array.from(devices.subarray(0, count[0]), (device): Adapter => {
      const about = Buffer.alloc(properties.size);
      getProperties(device, about);
      const heaps = Buffer.alloc(memoryProperties.size);
      getMemory(device, heaps);
      const name = about.subarray(properties.name, properties.name + properties.nameLength);
      const sizes = Array.from({ length: heaps.readUInt32LE(memoryProperties.heapCount) }, (_, i) => {
        const heap = memoryProperties.heaps + i * memoryProperties.heapSize;
        return heaps.readUInt32LE(heap + 8) & heapIsDeviceLocal ? Number(heaps.readBigUInt64LE(heap)) : 0;
      });
      return {
        description: name.subarray(0, name.indexOf(0)).toString(),
        vendor: vendors[about.readUInt32LE(properties.vendor)] ?? '',
        memory: Math.max(0, ...sizes) || null,
        software: about.readUInt32LE(properties.type) === typeProcessor,
      };
    });
  } finally {
    destroyInstance(instance[0], null);
  }
}

let known: Adapter[] | null = null;

/** The adapters, those with hardware first. On macOS, whose GPUs all are real, there is one. */
export function findAdapters(): Adapter[] {
  if (known) return known;
  if (process.platform === 'darwin') {
    const description = `${cpus()[0]?.model ?? 'Apple'} (Metal)`;
    return (known = [{ description, vendor: 'Apple', memory: totalmem(), software: false }]);
  }
  const loader = loaders[process.platform];
  if (!loader) return (known = []);
  try {
    known = askVulkan(loadKoffi(), loader).sort((a, b) => Number(a.software) - Number(b.software));
  } catch {
    known = []; // No loader: no driver that could be used.
  }
  return known;
}
