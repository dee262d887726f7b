"""Source -> Outline. Two ways of writing make one outline; everything after this reads outlines alone."""
