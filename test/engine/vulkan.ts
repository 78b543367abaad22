/** @file A Vulkan driver for tests: the machine's own, else one made of software (Chromium brings SwiftShader along). */
import { existsSync } from 'node:fs';

const software = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib64/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
];

/** Sets the variable by which Vulkan's loader finds the driver; to be called before anything loads it. */
export function provideVulkanDriver(): void {
  if (process.env['VK_DRIVER_FILES'] || existsSync('/dev/nvidiactl') || existsSync('/dev/dri')) return;
  const driver = software.find((path) => existsSync(path));
  if (driver) process.env['VK_DRIVER_FILES'] = driver;
}
