"""Stage review: a Word file that came back becomes the remarks in it: comments and tracked changes, each with its nearest bookmark."""
