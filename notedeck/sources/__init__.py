"""Where notes come from: files and folders -> Source, and the pictures that lie beside them."""
