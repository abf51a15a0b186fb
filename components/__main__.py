"""What the engine starts when this folder is the plugin."""

from azure_scaleset.plugin import main

if __name__ == "__main__":
    main()
