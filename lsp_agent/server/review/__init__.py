"""Reviewing proposals in an editor: actions, lenses and the diff document; decides nothing."""
