/** @file Things to press: buttons, check boxes; and a mark that says whether something is right. */
import { buttonColors, control, described, disabled, dom } from './control.ts';
import {
  ButtonStyle,
  CheckboxStyle,
  DescriptionStyle,
  ToggleButtonStyle,
  type ButtonStyleOptions,
  type CheckboxStyleOptions,
  type DescriptionStyleOptions,
  type ToggleButtonStyleOptions,
} from './layout.ts';
import { bool, text } from './traits.ts';
import { callHandlers } from './handlers.ts';
import { instance } from './model.ts';

const buttonLook = {
  buttonStyle: buttonColors,
  /** Name of a Font Awesome icon, as 'check'. */
  icon: text(),
};

const ButtonControl = control('Button', {
  ...dom,
  ...disabled,
  ...buttonLook,
  description: text(),
  style: instance<ButtonStyle, ButtonStyleOptions>(ButtonStyle),
});

/**
 * A button.
 *
 * @example
 * const stop = new widgets.Button({ description: 'Stop', icon: 'stop' });
 * stop.onClick(() => (model.stopTraining = true));
 */
export class Button extends ButtonControl {
  readonly #handlers = new Set<(button: this) => unknown>();

  constructor(options?: ConstructorParameters<typeof ButtonControl>[0]) {
    super(options);
    this.onMsg((content) => {
      if ((content as { event?: unknown } | null)?.event === 'click') this.click();
    });
  }

  /** Calls `handler` when the button is pressed, while cells run too. @returns how to stop it */
  onClick(handler: (button: this) => unknown): () => void {
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  }

  /** Does what a press does. */
  click(): void {
    callHandlers([...this.#handlers].map((handler) => () => handler(this)));
  }
}

/** A box to tick. */
export class Checkbox extends control('Checkbox', {
  ...described,
  ...disabled,
  value: bool(),
  /** Whether it stands where the controls of others stand, right of their labels. */
  indent: bool(true),
  style: instance<CheckboxStyle, CheckboxStyleOptions>(CheckboxStyle),
}) {}

/** A button that stays pressed. */
export class ToggleButton extends control('ToggleButton', {
  ...described,
  ...disabled,
  ...buttonLook,
  value: bool(),
  style: instance<ToggleButtonStyle, ToggleButtonStyleOptions>(ToggleButtonStyle),
}) {}

/** A mark that says whether something is valid. */
export class Valid extends control('Valid', {
  ...described,
  ...disabled,
  value: bool(),
  /** What stands there while it is not. */
  readout: text('Invalid'),
  style: instance<DescriptionStyle, DescriptionStyleOptions>(DescriptionStyle),
}) {}
