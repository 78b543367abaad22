// Builds a JupyterLab front end from the @jupyterlab/* npm packages, with the official application's list of extensions.
/* eslint-disable @typescript-eslint/no-require-imports -- the builder it extends is CommonJS */
const fs = require('node:fs');
const path = require('node:path');
const { merge } = require('webpack-merge');
const base = require('@jupyter/builder/lib/webpack.config.base');
const { Build } = require('@jupyter/builder');
const core = require('@jupyterlab/core-meta/core.package.json').jupyterlab;

// Left out: what needs Python code that Debian does not have (extension and plugin managers), or a hub.
const leftOut = new Set([
  '@jupyterlab/extensionmanager-extension',
  '@jupyterlab/pluginmanager-extension',
  '@jupyterlab/hub-extension',
]);
// More than JupyterLab's own: the ipywidgets manager.
const added = { '@jupyter-widgets/jupyterlab-manager': '' };
const keep = (packages) => Object.entries(packages).filter(([name]) => !leftOut.has(name));
const extensions = keep({ ...core.extensions, ...added });
const mimeExtensions = keep(core.mimeExtensions);

const out = path.resolve(__dirname, 'build');
fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(path.join(out, 'src'), { recursive: true });

// The server reads the version here, so that it needs no node_modules.
fs.writeFileSync(path.join(out, 'meta.json'), JSON.stringify({ version: core.version }));

// Writes the settings' schemas, the themes' style configurations and build/style.js.
const themes = Build.ensureAssets({
  packageNames: [...new Set([...extensions, ...mimeExtensions].map(([name]) => name))],
  output: out,
});

const load = ([name, entry]) =>
  `  [${JSON.stringify(name)}, require(${JSON.stringify(entry ? `${name}/${entry}` : name)})]`;
fs.writeFileSync(
  path.join(out, 'src', 'lists.cjs'),
  `exports.extensions = [\n${extensions.map(load).join(',\n')}\n];\n` +
    `exports.mimeExtensions = [\n${mimeExtensions.map(load).join(',\n')}\n];\n`,
);

const production = process.env.NODE_ENV === 'production';
module.exports = [
  merge(base, {
    mode: production ? 'production' : 'development',
    context: __dirname,
    entry: { main: ['./public-path.js', './index.js'] },
    output: {
      path: path.join(out, 'static'),
      filename: '[name].js',
      chunkFilename: '[name].[contenthash].js',
    },
    resolve: {
      alias: { 'lab-lists': path.join(out, 'src', 'lists.cjs'), 'lab-style': path.join(out, 'style.js') },
    },
    optimization: { minimize: production, splitChunks: false },
    devtool: false,
    externals: ['ws'],
    performance: { hints: false },
  }),
  ...themes,
];
