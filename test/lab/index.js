// Starts JupyterLab 4.6 in the page. The order of the steps follows jupyterlab/staging/index.js of JupyterLab
// (Copyright (c) Jupyter Development Team, Modified BSD License), without extensions loaded from the server.
import { PageConfig, JupyterPluginRegistry } from '@jupyterlab/coreutils';
import { JupyterLab } from '@jupyterlab/application';
import { IConnectionStatus, IServiceManager } from '@jupyterlab/services';
import 'lab-style';
import { extensions, mimeExtensions } from 'lab-lists';

const availablePlugins = [];
const disabled = [];

/** The plugins of the extensions that are switched on; all of them are noted in the two lists above. */
function enabledPlugins(packages) {
  return packages.flatMap(([extension, module]) => {
    const exported = module.__esModule ? module.default : module;
    return [exported].flat().filter((plugin) => {
      const enabled = !PageConfig.Extension.isDisabled(plugin.id);
      const { id, description, requires = [], optional = [], provides = null, autoStart } = plugin;
      availablePlugins.push({ id, description, requires, optional, provides, autoStart, enabled, extension });
      if (!enabled) disabled.push(id);
      return enabled;
    });
  });
}

window.addEventListener('load', async () => {
  const renderers = enabledPlugins(mimeExtensions);
  const pluginRegistry = new JupyterPluginRegistry();
  pluginRegistry.registerPlugins(enabledPlugins(extensions));
  const connectionStatus = await pluginRegistry.resolveOptionalService(IConnectionStatus);
  const serviceManager = await pluginRegistry.resolveRequiredService(IServiceManager);
  const lab = new JupyterLab({
    pluginRegistry,
    serviceManager,
    connectionStatus,
    mimeExtensions: renderers,
    disabled: { matches: disabled, patterns: PageConfig.Extension.disabled },
    deferred: { matches: [], patterns: PageConfig.Extension.deferred },
    availablePlugins,
  });
  window.jupyterapp = lab; // for the tests, as Lab's --expose-app-in-browser does
  lab.start({ bubblingKeydown: true });
});
