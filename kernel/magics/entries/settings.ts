/** @file Settings of the notebook: `%config`, `%typecheck`, `%autoreload`; and what computes: `%device`. */
import type { Magic, MagicKernel } from '../contract.ts';
import { settingChoices, settingMeaning, settingNames, type SettingName } from '../settings.ts';
import { usageError } from '../words.ts';

const describe = (name: SettingName, kernel: MagicKernel): string =>
  `${name} = ${kernel.settings[name]}  (${settingChoices(name).join('|')}: ${settingMeaning(name)})\n`;

function configure(text: string, kernel: MagicKernel): void {
  const [, name, value] = /^\s*([\w.]*)\s*=?\s*['"]?([^'"]*?)['"]?\s*$/.exec(text) ?? [];
  if (name === '' || name === undefined)
    return kernel.print(settingNames.map((each) => describe(each, kernel)).join(''));
  if (!(settingNames as readonly string[]).includes(name))
    throw usageError(`There is no setting ${name}; there are ${settingNames.join(', ')}.`);
  if (value === '') kernel.print(describe(name as SettingName, kernel));
  else kernel.settings.set(name as SettingName, value);
}

interface EngineState {
  readonly name: string;
  readonly device: string;
  readonly bytes: number;
}

const choicesOf = (name: SettingName) =>
  settingChoices(name).map((text) => ({ text, kind: 'value', signature: settingMeaning(name) }));

export const settingMagics: readonly Magic[] = [
  {
    name: 'config',
    form: 'line',
    usage: '[NAME [= VALUE]]',
    summary: "Shows or sets the notebook's settings.",
    complete: (text) => {
      const [, name] = /^(\w+)[\s=]/.exec(text) ?? [];
      return (settingNames as readonly string[]).includes(name ?? '')
        ? choicesOf(name as SettingName)
        : settingNames.map((each) => ({ text: each, kind: 'property', signature: settingMeaning(each) }));
    },
    wordAtEnd: (text) => /[^\s=]*$/.exec(text)![0],
    place: 'top',
    run: ({ text }, kernel) => configure(text, kernel),
  },
  {
    name: 'typecheck',
    form: 'line',
    usage: 'on|warn|off',
    summary: 'What happens with type errors: they stop a cell, are printed, or are not looked for.',
    complete: () => choicesOf('typecheck'),
    place: 'top',
    run: ({ text }, kernel) =>
      text === ''
        ? kernel.print(
            `Type checking is ${kernel.settings.typecheck} (%typecheck ${settingChoices('typecheck').join('|')}).\n`,
          )
        : kernel.settings.set('typecheck', text),
  },
  {
    name: 'autoreload',
    form: 'line',
    usage: '[on|off|now]',
    summary: 'Imports edited local modules anew: before each cell, or now.',
    help: "An `import` statement sees an edited module anyway. With `on`, the names that earlier cells imported from it follow as well. IPython's 0, 1, 2 and 3 mean off, now, on and on.",
    complete: () => [...choicesOf('autoreload'), { text: 'now', kind: 'value', signature: 'imports once' }],
    place: 'top',
    run: async ({ text }, kernel) => {
      const ofIPython: Record<string, string> = {
        '': 'now',
        0: 'off',
        1: 'now',
        2: 'on',
        3: 'on',
        all: 'on',
        complete: 'on',
      };
      const mode = ofIPython[text] ?? text;
      if (mode === 'now') return kernel.reloadModules();
      kernel.settings.set('autoreload', mode);
    },
  },
  {
    name: 'device',
    form: 'line',
    usage: '',
    summary: 'Prints what the tensors are computed with.',
    run: async (_call, kernel) => {
      const { name, device, bytes } = (await kernel.call('magic:engine')) as EngineState;
      kernel.print(`${name} on ${device}, ${(bytes / 2 ** 20).toFixed(1)} MiB in tensors\n`);
    },
  },
];
