"""What knows nothing of cards: the cache, processes, the output folder, the page's frame."""
