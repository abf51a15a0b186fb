"""Azure Image Builder: what it refuses of a template (`submission`), the resource group that it works in (`staging`), a build (`build`, `steps`), the version that
a build makes (`distribution`)."""
