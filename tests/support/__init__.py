"""What several test modules use: the runner of literate cases, and the words of sources and outputs."""
