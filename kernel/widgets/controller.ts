/** @file Game controllers: their buttons and axes, as the browser reads them. */
import { control, dom } from './control.ts';
import { bool, float, int, list, text } from './traits.ts';
import { instance } from './model.ts';

/** A button of a game controller. The front end makes it. */
export class ControllerButton extends control('ControllerButton', { ...dom, value: float(), pressed: bool() }) {}

/** An axis of a game controller. The front end makes it. */
export class ControllerAxis extends control('ControllerAxis', { ...dom, value: float() }) {}

/** A game controller, once the user pressed one of its buttons. Observe the values of its `buttons` and `axes`. */
export class Controller extends control('Controller', {
  ...dom,
  /** Which of several controllers. */
  index: int(),
  name: text(),
  /** How the browser maps it, as 'standard'. */
  mapping: text(),
  connected: bool(),
  /** When it was last read, in milliseconds. */
  timestamp: float(),
  buttons: list(instance(ControllerButton)),
  axes: list(instance(ControllerAxis)),
}) {}
