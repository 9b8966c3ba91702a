"""Renderers: each turns a CitedManuscript and a Theme into the bytes of one output."""
