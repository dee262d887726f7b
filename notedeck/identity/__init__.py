"""Which item is which note: guids, ids and times, remembered in the lock."""
