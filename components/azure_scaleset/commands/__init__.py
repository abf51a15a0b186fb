"""The commands of `scaleset`, one a file. They need the extra `cli`; nothing else of the package imports them."""
