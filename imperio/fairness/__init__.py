"""Provably fair numbers: the `imperio-fair/1` stream, the players' seed pairs, and verification."""
