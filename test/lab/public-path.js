// Where chunks are loaded from: set before anything else is loaded.
const configuration = JSON.parse(document.getElementById('jupyter-config-data').textContent);
__webpack_public_path__ = `${configuration.fullStaticUrl}/`;
