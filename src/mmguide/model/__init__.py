"""The frozen values that pass from stage to stage. Nothing here reads files, runs tools or prints."""
