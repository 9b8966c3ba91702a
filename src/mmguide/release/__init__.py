"""Stage release: what a version that leaves the house consists of, made from what was built; verified again from its zip alone."""
