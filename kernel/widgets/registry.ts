/**
 * @file The widgets of this process by id, and the channel on which a front end asks for all of them (a page that was
 * reloaded). It stands apart from the widgets, so that they need not be loaded to say that there are none.
 */
import { type Comm, registerTarget } from '../comm/comm.ts';
import { widgetTarget } from '../comm/contract.ts';
import { comms } from '../comm/manager.ts';
import { splitBuffers } from './buffers.ts';

/** What the front end must know to make a model. */
export interface ModelState {
  readonly model_name: string;
  readonly model_module: string;
  readonly model_module_version: string;
  readonly state: Record<string, unknown>;
}

/** A widget as others know it by its id. */
export interface RegisteredModel {
  readonly modelId: string;
  modelState(): ModelState;
}

/** The widgets that the front end may know. They live until they are closed. */
export const models = new Map<string, RegisteredModel>();

/** Versions of the widget protocol and of its control channel (ipywidgets 8). */
export const protocolVersion = '2.1.0';
const controlTarget = 'jupyter.widget.control';

function sendStates(comm: Comm): void {
  const states = Object.fromEntries([...models].map(([id, model]) => [id, model.modelState()]));
  const { state, bufferPaths, buffers } = splitBuffers(states);
  comm.send({ method: 'update_states', states: state, buffer_paths: bufferPaths }, { buffers });
}

/** Answers front ends that ask for widgets or make them. */
export const registerWidgetTargets = (): void => {
  registerTarget(controlTarget, (comm, { metadata }) => {
    const version = String(metadata.version ?? '');
    if (!version.startsWith('1.'))
      throw new Error(`Widgets: the front end speaks version '${version}' of the control protocol, this kernel 1.0.0.`);
    comm.onMsg(({ data }) => {
      if (data.method === 'request_states') return sendStates(comm);
      throw new Error(
        `Widgets: '${String(data.method)}' is no method of the control protocol; there is request_states.`,
      );
    });
  });
  comms.registerLater(widgetTarget, () => import('./index.ts'));
};
