"""Source -> Findings: the pure part for all sources, packed, remembered, in several processes."""
